import { queryOptions } from '@tanstack/react-query';
import { api, orThrow, type Schemas } from '~/api/client';
import { keys } from '~/api/queries';

export type Source = Schemas['JobSources'][number];
export type RecentResults = Schemas['RecentResults'];

const jobsARequest = 200; // the server's limit

export const sourcesQuery = queryOptions({
  queryKey: keys.sources,
  queryFn: ({ signal }) => orThrow(api.GET('/api/extras/job-sources/', { signal })),
});

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
