import { Stack } from '@mantine/core';
import { useParams } from 'wouter';
import { Loaded } from '~/components/Loaded';
import { Skeleton } from '~/components/Skeleton';
import { RunPage } from './RunPage';
import { useRun } from './useRun';

/** One run, live: what it was asked, what it says, how it ended. */
export default function Result() {
  const { id = '' } = useParams();
  const { query, feed, state } = useRun(id);
  return (
    <Loaded query={query} failure="This run cannot be shown" skeleton={<Waiting />}>
      {(run) =>
        state === null ? <Waiting /> : <RunPage key={id} run={run} feed={feed} state={state} />
      }
    </Loaded>
  );
}

function Waiting() {
  return (
    <Stack gap="md">
      <Skeleton height={32} width={280} />
      <Skeleton height={58} />
      <Skeleton height={36} width={420} />
      <Skeleton height="calc(100dvh - 260px)" />
    </Stack>
  );
}
