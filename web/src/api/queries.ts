/**
 * What the pages read, each with its key. `keys` is what live events make stale (src/live), so a
 * query that shows runs, jobs or workers stands here.
 */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, orThrow, type Schemas } from './client';
import {
  jobsAddress,
  jobsSearch,
  largestPage,
  resultsAddress,
  summaryAddress,
  summarySearch,
} from './addresses';
import { early } from './early';
import { readSession } from './session';

export type Job = Schemas['Job'];
export type JobResult = Schemas['JobResult'];
export type RunSummary = Schemas['RunSummary'];
export type Repository = Schemas['GitRepository'];
export type Summary = Schemas['Summary'];

export const keys = {
  session: ['session'],
  summary: ['summary'],
  jobs: ['jobs'],
  recentResults: ['recent-results'],
  sources: ['job-sources'],
  results: ['results'],
  result: (id: string) => ['result', id],
  timeline: ['timeline'],
  repositories: ['repositories'],
  workers: ['workers'],
  queues: ['queues'],
  users: ['users'],
  settings: ['settings'],
  tokens: ['tokens'],
  preferences: ['preferences'],
} as const;

export const sessionQuery = queryOptions({
  queryKey: keys.session,
  queryFn: async () => {
    const answered = await readSession();
    if (answered.ok) return answered.value;
    throw answered.problem;
  },
  staleTime: Infinity,
});

export const summaryQuery = queryOptions({
  queryKey: keys.summary,
  queryFn: ({ signal }) =>
    orThrow(
      early(`${summaryAddress}?${summarySearch()}`, () =>
        api.GET('/api/extras/summary/', { querySerializer: summarySearch, signal }),
      ),
    ),
  // Status changes are told; progress between them is looked at while something runs.
  refetchInterval: (query) => ((query.state.data?.running_count ?? 0) > 0 ? 3000 : false),
});

/** All jobs, hidden ones too: what is shown is chosen where they are listed. */
export const jobsQuery = queryOptions({
  queryKey: keys.jobs,
  queryFn: async ({ signal }) => {
    return (await Promise.all([jobsWith(false, signal), jobsWith(true, signal)])).flat();
  },
});

async function jobsWith(hidden: boolean, signal: AbortSignal): Promise<Job[]> {
  const jobs: Job[] = [];
  for (;;) {
    const search = jobsSearch(hidden, jobs.length);
    const page = await orThrow(
      early(`${jobsAddress}?${search}`, () =>
        api.GET('/api/extras/jobs/', { querySerializer: () => search, signal }),
      ),
    );
    jobs.push(...page.results);
    if (page.next === null || page.results.length === 0) return jobs;
  }
}

export const jobQuery = (classPath: string) =>
  queryOptions({
    queryKey: [...keys.jobs, classPath],
    queryFn: ({ signal }) => {
      const params = { path: { job: classPath }, query: { render: 'html' as const } };
      return orThrow(api.GET('/api/extras/jobs/{job}/', { params, signal }));
    },
  });

export const resultQuery = (id: string) =>
  queryOptions({
    queryKey: keys.result(id),
    queryFn: ({ signal }) =>
      orThrow(api.GET('/api/extras/job-results/{id}/', { params: { path: { id } }, signal })),
  });

/** A page of results; `search` is a query string as the address and the interface have it. */
export const resultsQuery = (search: string) =>
  queryOptions({
    queryKey: [...keys.results, search],
    queryFn: ({ signal }) =>
      orThrow(
        early(`${resultsAddress}?${search}`, () =>
          api.GET('/api/extras/job-results/', { querySerializer: () => search, signal }),
        ),
      ),
    placeholderData: keepPreviousData,
  });

export const repositoriesQuery = queryOptions({
  queryKey: keys.repositories,
  queryFn: async ({ signal }) => {
    const params = { query: { limit: largestPage, sort: 'name' } };
    return (await orThrow(api.GET('/api/extras/git-repositories/', { params, signal }))).results;
  },
});

export const workersQuery = queryOptions({
  queryKey: keys.workers,
  queryFn: ({ signal }) => {
    const query = { limit: 200, sort: '-started' as const };
    return orThrow(api.GET('/api/extras/workers/', { params: { query }, signal }));
  },
  refetchInterval: 10_000, // last_seen moves without an event
});

export const queuesQuery = queryOptions({
  queryKey: keys.queues,
  queryFn: async ({ signal }) => {
    const query = { limit: largestPage };
    return (await orThrow(api.GET('/api/extras/job-queues/', { params: { query }, signal })))
      .results;
  },
});

export const usersQuery = queryOptions({
  queryKey: keys.users,
  queryFn: async ({ signal }) => {
    const query = { limit: largestPage };
    return (await orThrow(api.GET('/api/users/users/', { params: { query }, signal }))).results;
  },
  staleTime: 5 * 60_000,
});
