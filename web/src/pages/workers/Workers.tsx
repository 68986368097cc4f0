import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { summaryQuery, workersQuery } from '~/api/queries';
import { Loaded } from '~/components/Loaded';
import { PageHeader } from '~/components/PageHeader';
import { Skeleton } from '~/components/Skeleton';
import { AliveWorkers } from './AliveWorkers';
import { EndedWorkers } from './EndedWorkers';
import { QueueTable } from './QueueTable';

const isAlive = (state: string) => state === 'ready' || state === 'draining';

/** Who runs jobs, on which queues, and what waits there. */
export default function Workers() {
  const workers = useQuery(workersQuery);
  const summary = useQuery(summaryQuery);
  return (
    <>
      <PageHeader title="Workers" about="Who runs jobs, and what waits in their queues." />
      <Stack gap="md">
        <Loaded
          query={workers}
          failure="The workers cannot be shown"
          skeleton={<Skeleton height={190} />}
        >
          {({ results }) => (
            <AliveWorkers
              workers={results.filter(({ state }) => isAlive(state))}
              summary={summary.data}
            />
          )}
        </Loaded>
        <Loaded
          query={summary}
          failure="The queues cannot be shown"
          skeleton={<Skeleton height={150} />}
        >
          {({ queues }) => <QueueTable queues={queues} />}
        </Loaded>
        <EndedWorkers
          workers={(workers.data?.results ?? []).filter(({ state }) => !isAlive(state))}
        />
      </Stack>
    </>
  );
}
