import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Job } from '~/api/queries';
import { resultPath } from '~/components/JobName';
import { Skeleton } from '~/components/Skeleton';
import { Loaded } from '~/components/Loaded';
import { Panel } from '~/components/Panel';
import { StatusBadge } from '~/components/StatusBadge';
import { Timestamp } from '~/components/Timestamp';
import { Duration } from '~/components/Duration';
import { recentRunsQuery } from './jobQueries';
import classes from './Job.module.css';

/** Its latest runs, newest first. */
export function RecentRuns({ job }: { job: Job }) {
  const query = useQuery(recentRunsQuery(job.id));
  const all = (
    <Anchor component={Link} href={`/results?job=${encodeURIComponent(job.class_path)}`} size="sm">
      All
    </Anchor>
  );
  return (
    <Panel title="Last runs" aside={all} flush>
      <Loaded
        query={query}
        failure="The last runs cannot be shown"
        skeleton={<Skeleton height={150} margin={14} />}
      >
        {(runs) =>
          runs.length === 0 ? (
            <Text size="sm" c="dimmed" p={14}>
              It has not run yet. Fill in the form and press Run job.
            </Text>
          ) : (
            <ol className={classes.runs}>
              {runs.map((run) => (
                <li key={run.id}>
                  <Link href={resultPath(run.id)} className={classes.run}>
                    <span>
                      <StatusBadge status={run.status} />
                    </span>
                    <span className={classes.when}>
                      <Duration started={run.date_started} done={run.date_done} /> ·{' '}
                      <Timestamp value={run.date_created} />
                    </span>
                  </Link>
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  );
}
