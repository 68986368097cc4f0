import { Alert, Stack } from '@mantine/core';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from 'wouter';
import type { Repository as RepositoryRecord } from '~/api/queries';
import { CodeBlock } from '~/parts/CodeBlock';
import { Loaded } from '~/components/Loaded';
import { PageHeader } from '~/components/PageHeader';
import { Skeleton } from '~/components/Skeleton';
import { StateMark } from '~/pages/repositories/StateMark';
import { shortCommit, stateOf } from '~/pages/repositories/states';
import { Actions } from './Actions';
import { Facts } from './Facts';
import { repositoryQuery } from './queries';
import classes from './Repository.module.css';
import { Syncs } from './Syncs';
import { Webhook } from './Webhook';

/** A Git repository: which commit serves, why a newer one does not, and every sync. */
export default function Repository() {
  const { repository: slug = '' } = useParams();
  const query = useQuery(repositoryQuery(slug));
  return (
    <Loaded
      query={query}
      failure="This repository cannot be shown"
      skeleton={<Skeleton height={420} />}
    >
      {(repository) => <RepositoryPage key={repository.id} repository={repository} />}
    </Loaded>
  );
}

function RepositoryPage({ repository }: { repository: RepositoryRecord }) {
  return (
    <>
      <PageHeader title={repository.name} about={<StateMark repository={repository} />}>
        <Actions repository={repository} />
      </PageHeader>
      <Stack gap="md">
        <Notes repository={repository} />
        <div className={classes.columns}>
          <Syncs repository={repository} />
          <Stack gap="md">
            <Facts repository={repository} />
            <Webhook repository={repository} />
          </Stack>
        </div>
      </Stack>
    </>
  );
}

function Notes({ repository }: { repository: RepositoryRecord }) {
  const { sync_error: error, current_head: head, newest_head: newest } = repository;
  if (error !== '') {
    const isNewer = newest !== '' && newest !== head;
    return (
      <Alert
        color="red"
        classNames={{ body: classes.problem }}
        icon={<IconAlertTriangle aria-hidden />}
        title={isNewer ? `Commit ${shortCommit(newest)} does not serve` : 'The last sync failed'}
      >
        <CodeBlock text={error} label="What was wrong" />
        <p className={classes.next}>
          {head === ''
            ? 'Mend it and push, then sync again.'
            : `The jobs of ${shortCommit(head)} go on running. Mend it and push; the next sync takes it.`}
        </p>
      </Alert>
    );
  }
  if (stateOf(repository) !== 'never') return null;
  return (
    <Alert color="gray" icon={<IconRefresh aria-hidden />} title="Nothing of it serves yet">
      Press Sync: its jobs are listed as soon as they import. New jobs are off until somebody
      enables them.
    </Alert>
  );
}
