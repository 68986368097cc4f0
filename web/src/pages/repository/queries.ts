import { queryOptions } from '@tanstack/react-query';
import { api, orThrow } from '~/api/client';
import { keys } from '~/api/queries';

export const repositoryQuery = (slug: string) =>
  queryOptions({
    queryKey: [...keys.repositories, slug],
    queryFn: ({ signal }) => {
      const params = { path: { repository: slug } };
      return orThrow(api.GET('/api/extras/git-repositories/{repository}/', { params, signal }));
    },
  });

const shownSyncs = 15;

/** Its syncs and dry runs, newest first. */
export const syncsQuery = (slug: string) =>
  queryOptions({
    queryKey: [...keys.results, 'syncs', slug],
    queryFn: ({ signal }) => {
      const query = { git_repository: slug, limit: shownSyncs, sort: '-date_created' };
      return orThrow(api.GET('/api/extras/job-results/', { params: { query }, signal }));
    },
  });
