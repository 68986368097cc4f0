import { Anchor } from '@mantine/core';
import { Link } from 'wouter';
import type { Repository } from '~/api/queries';
import { Panel } from '~/components/Panel';
import { Timestamp } from '~/components/Timestamp';
import classes from '~/components/facts.module.css';
import { Commit } from '~/pages/repositories/Commit';
import { intervals } from '~/pages/repositories/repositoryForm';

const secretWords: Record<string, string> = {
  '': 'nothing',
  token: 'a token or password',
  ssh_key: 'an SSH key',
};

/** Where it is, what of it serves, and how Windlass reaches it. */
export function Facts({ repository }: { repository: Repository }) {
  const poll = String(repository.poll_interval);
  return (
    <Panel
      title="Repository"
      aside={
        <Anchor
          component={Link}
          size="sm"
          href={`/jobs?q=${encodeURIComponent(`${repository.slug}.jobs`)}`}
        >
          Its jobs
        </Anchor>
      }
    >
      <dl className={classes.facts}>
        <dt>URL</dt>
        <dd>{repository.remote_url}</dd>
        <dt>Branch</dt>
        <dd>{repository.branch}</dd>
        <dt>Serves</dt>
        <dd>
          <Commit commit={repository.current_head} url={repository.commit_url} />
        </dd>
        {repository.newest_head !== repository.current_head && (
          <>
            <dt>Newest</dt>
            <dd>
              <Commit commit={repository.newest_head} url={null} />
            </dd>
          </>
        )}
        <dt>Fetched</dt>
        <dd>
          <Timestamp value={repository.last_synced} none="not yet" />
        </dd>
        <dt>Package</dt>
        <dd>
          <code>{repository.slug}</code>
        </dd>
        <dt>Polled</dt>
        <dd>{intervals(poll).find(({ value }) => value === poll)?.label}</dd>
        <dt>Signs in with</dt>
        <dd>
          {secretWords[repository.secret_kind] ?? repository.secret_kind}
          {repository.username !== '' && ` as ${repository.username}`}
        </dd>
        {repository.python !== '' && (
          <>
            <dt>Python</dt>
            <dd>{repository.python}</dd>
          </>
        )}
      </dl>
    </Panel>
  );
}
