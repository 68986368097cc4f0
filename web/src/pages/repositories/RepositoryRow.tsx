import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { Repository } from '~/api/queries';
import { repositoryPath } from '~/components/JobSourceName';
import { Timestamp } from '~/components/Timestamp';
import { Commit } from './Commit';
import { useSync } from './repositoryCalls';
import classes from './RepositoryRow.module.css';
import { StateMark } from './StateMark';
import { stateOf } from './states';

/** A repository in the list: what serves, since when, and why something newer does not. */
export function RepositoryRow({ repository }: { repository: Repository }) {
  const sync = useSync({ opens: false });
  return (
    <li className={classes.row}>
      <div className={classes.name}>
        <Link href={repositoryPath(repository.slug)} className="quiet-link">
          <strong>{repository.name}</strong>
        </Link>
        <div className={classes.about}>
          {repository.remote_url} · {repository.branch}
        </div>
        {repository.sync_error !== '' && (
          <div className={classes.error}>{lastLine(repository.sync_error)}</div>
        )}
      </div>
      <div className={classes.state}>
        <StateMark repository={repository} />
      </div>
      <div className={classes.head}>
        <Commit commit={repository.current_head} url={repository.commit_url} />
        <div className={classes.about}>
          {repository.last_synced === null ? (
            'not fetched yet'
          ) : (
            <>
              fetched <Timestamp value={repository.last_synced} />
            </>
          )}
        </div>
      </div>
      <Button
        variant="default"
        className={classes.sync}
        leftSection={<IconRefresh size={14} aria-hidden />}
        aria-label={`Sync ${repository.name}`}
        loading={sync.isPending}
        disabled={stateOf(repository) === 'syncing'}
        onClick={() => sync.mutate(repository)}
      >
        Sync
      </Button>
    </li>
  );
}

/** Of a traceback, what was wrong: it stands last. */
function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
