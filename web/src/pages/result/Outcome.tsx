import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { lookOf } from '~/components/status';
import { Timestamp } from '~/components/Timestamp';
import { adviceFor } from './reasons';
import classes from './RunPage.module.css';
import type { Run } from './useRun';

function Notice({
  status,
  title,
  children,
}: {
  status: string;
  title: string;
  children: ReactNode;
}) {
  const look = lookOf(status);
  return (
    <div className={classes.notice} style={{ background: look.ground, borderColor: look.color }}>
      <look.icon size={20} style={{ color: look.color }} aria-hidden />
      <div>
        <p className={classes.why}>{title}</p>
        <p>{children}</p>
      </div>
    </div>
  );
}

/** Why a run waits, or did not end well, in plain words; and what to do about it. */
export function Outcome({ run }: { run: Run }) {
  const status = run.status.value;
  if (run.cancel_requested_at !== null && run.date_done === null) {
    return (
      <Notice status="REVOKED" title={`${run.cancel_requested_by || 'Somebody'} cancelled it`}>
        The job was asked to stop and is ended soon, with every process that it started.
      </Notice>
    );
  }
  if (status === 'PENDING') {
    return (
      <Notice status={status} title={`It waits in the queue ${run.queue}`}>
        A worker takes it as soon as one is free. Which ones serve the queue is on the page{' '}
        <Anchor component={Link} href="/workers" fz="inherit" underline="always">
          Workers
        </Anchor>
        .
      </Notice>
    );
  }
  if (run.reason === '') return null;
  return (
    <Notice status={status} title={run.reason}>
      {adviceFor(run.reason_code)}{' '}
      {run.retry_at !== null && (
        <>
          Next attempt: <Timestamp value={run.retry_at} />.{' '}
        </>
      )}
      {run.traceback && (
        <Anchor component={Link} href="?tab=traceback" c="inherit" fz="inherit" underline="always">
          Show the traceback
        </Anchor>
      )}
    </Notice>
  );
}
