/** What the page of a job reads, besides the job itself. */
import { queryOptions } from '@tanstack/react-query';
import { api, orThrow, type Schemas } from '~/api/client';
import { keys } from '~/api/queries';
import {
  bodyOf,
  type Body,
  type FormState,
  type RunOptions,
  type Values,
  type Variable,
} from './variables';

export async function variablesOf(job: string, signal?: AbortSignal): Promise<Variable[]> {
  const params = { path: { job }, query: { render: 'html' as const } };
  const list = await orThrow(
    api.GET('/api/extras/jobs/{job}/variables/', { params, ...(signal ? { signal } : {}) }),
  );
  return list as Variable[];
}

export const variablesQuery = (job: string) =>
  queryOptions({
    queryKey: [...keys.jobs, job, 'variables'],
    queryFn: ({ signal }) => variablesOf(job, signal),
    // A form under one's hands does not change; opening the page anew reads it anew.
    staleTime: Infinity,
    gcTime: 0,
  });

/** How a body is sent: one that is a form says so itself. */
function sent(body: Body) {
  return {
    body: body as Schemas['RunRequest'],
    ...(body instanceof Blob
      ? { bodySerializer: () => body, headers: { 'Content-Type': body.type } }
      : {}),
  };
}

/** Asks for a run. */
export async function askRun(job: string, body: Body): Promise<Schemas['RunAnswer']> {
  const params = { path: { job } };
  return orThrow(api.POST('/api/extras/jobs/{job}/run/', { params, ...(sent(body) as object) }));
}

/** Asks what the form shows for these inputs: what is visible, choices, and every error. */
export async function askForm(
  job: string,
  values: Values,
  options: RunOptions,
  signal: AbortSignal,
): Promise<FormState> {
  const body = sent(bodyOf(values, options, 'names'));
  const params = { path: { job }, query: { render: 'html' as const } };
  const asked = { params, ...body, signal };
  const state = await orThrow(api.POST('/api/extras/jobs/{job}/variables/', asked));
  return state as unknown as FormState;
}

/** The inputs of an earlier run, to fill the form with. */
export const inputsQuery = (id: string | null) =>
  queryOptions({
    queryKey: [...keys.result(id ?? ''), 'inputs'],
    queryFn: async ({ signal }) => {
      const params = { path: { id: id ?? '' } };
      const run = await orThrow(api.GET('/api/extras/job-results/{id}/', { params, signal }));
      return { inputs: (run.task_kwargs ?? {}) as Record<string, unknown>, queue: run.queue };
    },
    enabled: id !== null,
    staleTime: Infinity,
  });

/** Its latest runs, newest first. */
export const recentRunsQuery = (jobId: string) =>
  queryOptions({
    queryKey: [...keys.recentResults, jobId],
    queryFn: async ({ signal }) => {
      const answer = await orThrow(
        api.GET('/api/extras/jobs/recent-results/', {
          params: { query: { job: [jobId] } },
          signal,
        }),
      );
      return answer[jobId] ?? [];
    },
  });

/** The queues that the job may go to. */
export const queuesOfJobQuery = (job: string) =>
  queryOptions({
    queryKey: [...keys.jobs, job, 'queues'],
    queryFn: async ({ signal }) => {
      const params = { path: { job } };
      const whole = await orThrow(
        api.GET('/api/extras/jobs/{job}/', { params, querySerializer: () => 'depth=1', signal }),
      );
      const queues = whole.job_queues as unknown as { name: string }[];
      const first = whole.default_job_queue as unknown as { name: string };
      return { names: queues.map((queue) => queue.name), first: first.name };
    },
  });
