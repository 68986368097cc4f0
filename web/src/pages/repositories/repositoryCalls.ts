/** What is done with repositories. Each ends with the lists read anew. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { api, orThrow, type Schemas } from '~/api/client';
import { keys, type Repository } from '~/api/queries';
import { resultPath } from '~/components/JobName';
import { tellDone, tellFailed } from '~/components/notices';

export type NewRepository = Schemas['NewGitRepository'];
export type RepositoryPatch = Schemas['GitRepositoryPatch'];

const pathOf = (repository: Repository) => ({ path: { repository: repository.id } });

function useChanged() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [keys.repositories, keys.sources].map((queryKey) => client.invalidateQueries({ queryKey })),
    );
}

/** Queues a sync, and opens its run if `opens`. */
export function useSync({ opens }: { opens: boolean }) {
  const changed = useChanged();
  const [, go] = useLocation();
  return useMutation({
    mutationFn: (repository: Repository) =>
      orThrow(
        api.POST('/api/extras/git-repositories/{repository}/sync/', { params: pathOf(repository) }),
      ),
    onSuccess: ({ job_result: run }, repository) => {
      if (opens) go(resultPath(run.id));
      else tellDone(`${repository.name} will be synced.`);
      return changed();
    },
    onError: (error, repository) => tellFailed(`${repository.name} was not synced`, error),
  });
}

/** Queues a dry run of a sync, and opens it: what it says is in its log. */
export function useDryRun() {
  const changed = useChanged();
  const [, go] = useLocation();
  return useMutation({
    mutationFn: (repository: Repository) =>
      orThrow(
        api.POST('/api/extras/git-repositories/{repository}/dry-run/', {
          params: pathOf(repository),
        }),
      ),
    onSuccess: ({ job_result: run }) => {
      go(resultPath(run.id));
      return changed();
    },
    onError: (error, repository) => tellFailed(`${repository.name} was not looked at`, error),
  });
}

/** Adds a repository, or changes the one that is given. */
export function useSave(repository: Repository | null) {
  const changed = useChanged();
  return useMutation({
    mutationFn: (body: NewRepository) =>
      repository === null
        ? orThrow(api.POST('/api/extras/git-repositories/', { body }))
        : orThrow(
            api.PATCH('/api/extras/git-repositories/{repository}/', {
              params: pathOf(repository),
              body,
            }),
          ),
    onSuccess: changed,
  });
}

export function useRemove(onRemoved: () => void) {
  const changed = useChanged();
  return useMutation({
    mutationFn: (repository: Repository) =>
      orThrow(
        api.DELETE('/api/extras/git-repositories/{repository}/', { params: pathOf(repository) }),
      ),
    onSuccess: (_nothing, repository) => {
      tellDone(`${repository.name} was removed. The results of its jobs stay.`);
      onRemoved();
      return changed();
    },
    onError: (error, repository) => tellFailed(`${repository.name} was not removed`, error),
  });
}
