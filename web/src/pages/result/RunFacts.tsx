import { CopyButton, Tooltip, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { Duration } from '~/components/Duration';
import { Timestamp } from '~/components/Timestamp';
import { durationText } from '~/time/format';
import { bytesText } from './details/bytes';
import classes from './RunPage.module.css';
import type { Run } from './useRun';

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** When, who, where, with what: one strip that keeps its height while the run goes on. */
export function RunFacts({ run }: { run: Run }) {
  return (
    <dl className={classes.facts}>
      <Fact name={run.date_started === null ? 'Created' : 'Started'}>
        <Timestamp value={run.date_started ?? run.date_created} absolute />
      </Fact>
      <Fact name="Duration">
        <Duration started={run.date_started} done={run.date_done} />
      </Fact>
      <Fact name="By">{run.user?.display ?? 'the command line'}</Fact>
      <Fact name="Queue">{run.queue}</Fact>
      <Fact name="Worker">{run.worker ?? 'none yet'}</Fact>
      <Fact name="Attempt">{run.attempt === 0 ? '–' : run.attempt}</Fact>
      <Fact name="Memory">{run.peak_memory === 0 ? '–' : bytesText(run.peak_memory)}</Fact>
      <Fact name="CPU">{run.cpu_seconds === 0 ? '–' : durationText(run.cpu_seconds)}</Fact>
      <Fact name="Code">{run.source_version === '' ? '–' : <Version run={run} />}</Fact>
    </dl>
  );
}

/** Leads to the commit where its host shows it; else it is copied. */
function Version({ run }: { run: Run }) {
  const { source, source_version: version, source_url: url } = run;
  const short = version.slice(0, 12);
  if (url !== null) {
    return (
      <a href={url} target="_blank" rel="noreferrer" title={`${source} ${version}`}>
        <code>{short}</code>
      </a>
    );
  }
  return (
    <CopyButton value={version}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `${source} ${version}; click to copy`}>
          <UnstyledButton onClick={copy} fz="inherit" fw="inherit" ff="monospace">
            {short}
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  );
}
