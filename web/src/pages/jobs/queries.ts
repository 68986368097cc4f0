import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api, orThrow, type Schemas } from '~/api/client';
import { keys } from '~/api/queries';

export type Source = Schemas['JobSources'][number];
export type RecentResults = Schemas['RecentResults'];

const none: readonly Source[] = [];
const jobsARequest = 200; // the server's limit

export const sourcesQuery = queryOptions({
  queryKey: keys.sources,
  queryFn: ({ signal }) => orThrow(api.GET('/api/extras/job-sources/', { signal })),
  refetchInterval: 3000, // an edited file is no event; this answer is small
});

/** The sources; the jobs are read anew whenever a source has changed. */
export function useSources(): readonly Source[] {
  const client = useQueryClient();
  const sources = useQuery(sourcesQuery).data;
  const before = useRef(sources);
  useEffect(() => {
    // Unchanged answers stay the same object.
    const changed = before.current !== undefined && before.current !== sources;
    before.current = sources;
    if (changed) void client.invalidateQueries({ queryKey: keys.jobs });
  }, [client, sources]);
  return sources ?? none;
}

export const recentResultsQuery = (jobs: readonly string[]) =>
  queryOptions({
    queryKey: [...keys.recentResults, ...jobs],
    queryFn: async ({ signal }) => {
      const requests: Promise<RecentResults>[] = [];
      for (let begin = 0; begin < jobs.length; begin += jobsARequest) {
        const search = new URLSearchParams(
          jobs.slice(begin, begin + jobsARequest).map((id) => ['job', id]),
        );
        const querySerializer = () => search.toString();
        requests.push(
          orThrow(api.GET('/api/extras/jobs/recent-results/', { querySerializer, signal })),
        );
      }
      return Object.assign({}, ...(await Promise.all(requests))) as RecentResults;
    },
    enabled: jobs.length > 0,
  });
