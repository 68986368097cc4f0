import { Text } from '@mantine/core';
import { Link } from 'wouter';
import type { Summary } from '~/api/queries';
import { Duration } from '~/components/Duration';
import { Panel } from '~/components/Panel';
import { RunProgress } from '~/parts/RunProgress';
import classes from './Home.module.css';
import { AndMore, RunLine } from './RunLine';

export function RunningPanel({ summary }: { summary: Summary }) {
  return (
    <Panel title="Running now" flush>
      {summary.running.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          Nothing runs. <Link href="/jobs?show=enabled">Choose a job to run.</Link>
        </Text>
      ) : (
        <ul className={classes.list}>
          {summary.running.map((run) => (
            <RunLine
              key={run.id}
              run={run}
              end={<Duration started={run.date_started} done={null} />}
            >
              <div style={{ marginTop: 6 }}>
                <RunProgress progress={run.progress} />
              </div>
            </RunLine>
          ))}
          <AndMore
            shown={summary.running.length}
            count={summary.running_count}
            path="/results?status=STARTED"
          />
        </ul>
      )}
    </Panel>
  );
}
