/** One run as the page shows it: the record, which is read when something changed, and the feed. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { api, orThrow, type Schemas } from '~/api/client';
import { keys, type JobResult } from '~/api/queries';
import { isFinal } from '~/live/events';
import { RunFeed } from './runFeed';

/** A result with its job and user whole, as `depth=1` gives them. */
export type Run = JobResult & {
  job_model: Schemas['Job'] | null;
  user: Schemas['User'] | null;
};

const pauseWhileHidden = 5_000;

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: [...keys.result(id), 'whole'],
    queryFn: async ({ signal }) => {
      const params = { path: { id } };
      const whole = { params, querySerializer: () => 'depth=1', signal };
      return (await orThrow(api.GET('/api/extras/job-results/{id}/', whole))) as Run;
    },
  });

/**
 * While nobody sees the page it holds no stream: a browser allows six connections to a server for
 * all its tabs. The tab's title and icon then follow by asking now and then.
 */
export function useRun(id: string) {
  const client = useQueryClient();
  const hidden = useDocumentVisibility() === 'hidden';
  const query = useQuery({
    ...runQuery(id),
    refetchInterval: ({ state }) =>
      hidden && state.data && !isFinal(state.data.status.value) ? pauseWhileHidden : false,
    refetchIntervalInBackground: true,
  });
  const feed = useMemo(
    () =>
      new RunFeed({
        read: () => client.fetchQuery({ ...runQuery(id), staleTime: 0 }),
        url: (after) => `/api/extras/job-results/${id}/events/?render=html&after=${after}`,
      }),
    [client, id],
  );
  useEffect(() => {
    if (hidden) return;
    feed.start();
    return () => feed.stop();
  }, [feed, hidden]);
  const state = useSyncExternalStore(feed.subscribe, feed.snapshot);
  return { query, feed, state };
}
