import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { JobResult, Repository } from '~/api/queries';
import { Duration } from '~/components/Duration';
import { resultPath } from '~/components/JobName';
import { Skeleton } from '~/components/Skeleton';
import { Loaded } from '~/components/Loaded';
import { Panel } from '~/components/Panel';
import { StatusBadge } from '~/components/StatusBadge';
import { Timestamp } from '~/components/Timestamp';
import { syncsQuery } from './queries';
import classes from './Repository.module.css';

/** Every sync and dry run: each is a run with a log. */
export function Syncs({ repository }: { repository: Repository }) {
  const syncs = useQuery(syncsQuery(repository.slug));
  const all = (
    <Anchor
      component={Link}
      size="sm"
      href={`/results?repository=${encodeURIComponent(repository.slug)}`}
    >
      All
    </Anchor>
  );
  return (
    <Panel title="Syncs" aside={all} flush>
      <Loaded
        query={syncs}
        failure="The syncs cannot be shown"
        skeleton={<Skeleton height={220} margin={14} />}
      >
        {({ results }) =>
          results.length === 0 ? (
            <Text size="sm" c="dimmed" p={14}>
              It was not synced yet.
            </Text>
          ) : (
            <ol className={classes.syncs}>
              {results.map((run) => (
                <li key={run.id}>
                  <Sync run={run} />
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  );
}

function Sync({ run }: { run: JobResult }) {
  return (
    <Link href={resultPath(run.id)} className={classes.sync}>
      <span>
        <StatusBadge status={run.status.value} />
      </span>
      <span className={classes.what}>
        {run.name.replace(/^Git Repository: /, '')}
        {run.reason !== '' && <span className="dimmed"> · {run.reason}</span>}
      </span>
      <span className={classes.when}>
        <Duration started={run.date_started} done={run.date_done} /> ·{' '}
        <Timestamp value={run.date_created} />
      </span>
    </Link>
  );
}
