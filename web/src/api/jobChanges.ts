/** Changing a job's record: enabling it, overriding what its class says. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { tellFailed } from '~/components/notices';
import { api, orThrow, type Schemas } from './client';
import { keys, type Job } from './queries';

export type JobPatch = Schemas['JobPatch'];

interface Change {
  job: Job;
  patch: JobPatch;
}

/** Shows the change at once in the lists, and takes it back with a notice when it is refused. */
export function useJobChange() {
  const client = useQueryClient();
  const replace = (job: Job) => {
    client.setQueryData<Job[]>(keys.jobs, (jobs) =>
      jobs?.map((one) => (one.id === job.id ? { ...one, ...job } : one)),
    );
    // The jobs that were read one by one, by whatever they were named; not what belongs to them.
    client.setQueriesData<Job>(
      { queryKey: keys.jobs, predicate: ({ queryKey }) => queryKey.length === 2 },
      (one) => (one?.id === job.id ? { ...one, ...job } : one),
    );
  };
  return useMutation({
    mutationFn: ({ job, patch }: Change) =>
      orThrow(
        api.PATCH('/api/extras/jobs/{job}/', { params: { path: { job: job.id } }, body: patch }),
      ),
    onMutate: ({ job, patch }) => {
      if (patch.enabled !== undefined) replace({ ...job, enabled: patch.enabled });
    },
    onSuccess: replace,
    onError: (error, { job }) => {
      replace(job);
      tellFailed(`${job.name} was not changed`, error);
    },
  });
}
