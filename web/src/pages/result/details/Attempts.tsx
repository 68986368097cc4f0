import { Group, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, orThrow, type Schemas } from '~/api/client';
import { keys } from '~/api/queries';
import { Duration } from '~/components/Duration';
import { EmptyState } from '~/components/EmptyState';
import { Skeleton } from '~/components/Skeleton';
import { Loaded } from '~/components/Loaded';
import { Panel } from '~/components/Panel';
import { StatusBadge } from '~/components/StatusBadge';
import { Timestamp } from '~/components/Timestamp';
import { lookOf } from '~/components/status';
import type { Run } from '../useRun';
import classes from './Details.module.css';

/** Every time that the run was tried, in order. */
export function Attempts({ run }: { run: Run }) {
  const query = useQuery({
    queryKey: [...keys.result(run.id), 'attempts', run.attempt, run.status.value],
    queryFn: ({ signal }) =>
      orThrow(
        api.GET('/api/extras/job-results/{id}/attempts/', {
          params: { path: { id: run.id } },
          signal,
        }),
      ),
  });
  return (
    <Loaded
      query={query}
      failure="The attempts cannot be shown"
      skeleton={<Skeleton height={120} />}
    >
      {(attempts) =>
        attempts.length === 0 ? (
          <EmptyState icon={IconRefresh} title="No attempt yet">
            The run waits for a worker.
          </EmptyState>
        ) : (
          <Panel flush>
            <ol className={classes.attempts}>
              {attempts.map((attempt) => (
                <AttemptView key={attempt.attempt} attempt={attempt} />
              ))}
            </ol>
          </Panel>
        )
      }
    </Loaded>
  );
}

function AttemptView({ attempt }: { attempt: Schemas['Attempts'][number] }) {
  const look = lookOf(attempt.status);
  return (
    <li className={classes.attempt}>
      <span className={classes.dot} style={{ color: look.color, background: look.ground }}>
        <look.icon size={14} aria-hidden />
      </span>
      <Group gap="sm">
        <Text fw={600} size="sm">
          Attempt {attempt.attempt}
        </Text>
        <StatusBadge status={attempt.status} />
        <Text size="sm" c="dimmed" component="span">
          <Timestamp value={attempt.date_started} absolute /> ·{' '}
          <Duration started={attempt.date_started} done={attempt.date_done} />
          {attempt.worker !== null && ` · ${attempt.worker}`}
        </Text>
      </Group>
      {attempt.reason !== '' && (
        <Text size="sm" mt={4}>
          {attempt.reason}
        </Text>
      )}
    </li>
  );
}
