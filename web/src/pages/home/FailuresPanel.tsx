import { Group, Text } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import type { Summary } from '~/api/queries';
import { Panel } from '~/components/Panel';
import { Timestamp } from '~/components/Timestamp';
import classes from './Home.module.css';
import { AndMore, RunLine } from './RunLine';

export function FailuresPanel({ summary }: { summary: Summary }) {
  return (
    <Panel title="Failed in the last 24 hours" flush>
      {summary.failures.length === 0 ? (
        <Group gap={6} p="md" c="var(--status-success)">
          <IconCircleCheck size={16} aria-hidden />
          <Text size="sm">Nothing failed.</Text>
        </Group>
      ) : (
        <ul className={classes.list}>
          {summary.failures.map((run) => (
            <RunLine key={run.id} run={run} end={<Timestamp value={run.date_done} />}>
              <div className={classes.reason} style={{ color: 'var(--status-failure)' }}>
                {run.reason}
              </div>
            </RunLine>
          ))}
          <AndMore
            shown={summary.failures.length}
            count={summary.failure_count}
            path="/results?status=FAILURE&period=1d"
          />
        </ul>
      )}
    </Panel>
  );
}
