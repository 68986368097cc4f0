import { Button } from '@mantine/core';
import { IconGitBranch, IconPlus } from '@tabler/icons-react';
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { repositoriesQuery, type Repository } from '~/api/queries';
import { EmptyState } from '~/components/EmptyState';
import { Skeleton } from '~/components/Skeleton';
import { repositoryPath } from '~/components/JobSourceName';
import { Loaded } from '~/components/Loaded';
import { PageHeader } from '~/components/PageHeader';
import { Panel } from '~/components/Panel';
import { useSync } from './repositoryCalls';
import { RepositoryDrawer } from './RepositoryDrawer';
import { RepositoryRow } from './RepositoryRow';
import classes from './RepositoryRow.module.css';

export function prefetch(client: QueryClient) {
  return [client.prefetchQuery(repositoriesQuery)];
}

/** The Git repositories that jobs come from. */
export default function Repositories() {
  const repositories = useQuery(repositoriesQuery);
  const [adds, setAdds] = useState(false);
  const [, go] = useLocation();
  const sync = useSync({ opens: true });
  const add = (
    <Button leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setAdds(true)}>
      Add a repository
    </Button>
  );
  const added = (repository: Repository) => {
    setAdds(false);
    go(repositoryPath(repository.slug));
    sync.mutate(repository);
  };
  return (
    <>
      <PageHeader
        title="Git repositories"
        about="Jobs that are kept in Git: the last commit that imports serves."
      >
        {add}
      </PageHeader>
      <Loaded
        query={repositories}
        failure="The repositories cannot be shown"
        skeleton={<Skeleton height={180} />}
      >
        {(list) => (
          <Panel flush>
            {list.length === 0 ? (
              <EmptyState icon={IconGitBranch} title="No repository yet">
                Add one whose root has an <code>__init__.py</code>, and a <code>jobs.py</code> or a{' '}
                folder <code>jobs/</code> that registers jobs. They are listed under its name.
              </EmptyState>
            ) : (
              <ul className={classes.rows}>
                {list.map((repository) => (
                  <RepositoryRow key={repository.id} repository={repository} />
                ))}
              </ul>
            )}
          </Panel>
        )}
      </Loaded>
      <RepositoryDrawer
        opened={adds}
        repository={null}
        onClose={() => setAdds(false)}
        onSaved={added}
      />
    </>
  );
}
