/** What a person keeps on the server: favourite jobs, saved views, columns. */
import { useCallback } from 'react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { tellFailed } from '~/components/notices';
import { preferencesAddress } from './addresses';
import { api, orThrow, type Schemas } from './client';
import { early } from './early';
import { keys } from './queries';

export type Preferences = Schemas['Preferences'];
export type SavedView = Preferences['saved_views'][number];

const none: Preferences = { favourite_jobs: [], saved_views: [], result_columns: [] };

export const preferencesQuery = queryOptions({
  queryKey: keys.preferences,
  queryFn: ({ signal }) =>
    orThrow(early(preferencesAddress, () => api.GET('/api/users/preferences/', { signal }))),
  staleTime: 5 * 60_000,
});

export function usePreferences() {
  const client = useQueryClient();
  const preferences = useQuery(preferencesQuery).data ?? none;
  const { mutate } = useMutation({
    mutationFn: (body: Preferences) => orThrow(api.PUT('/api/users/preferences/', { body })),
    // One after another: each replaces the whole.
    scope: { id: 'preferences' },
    onMutate: (next) => {
      const before = client.getQueryData<Preferences>(keys.preferences);
      client.setQueryData(keys.preferences, next);
      return before;
    },
    onError: (error, _next, before) => {
      client.setQueryData(keys.preferences, before);
      tellFailed('This was not kept', error);
    },
  });
  /** Changes what is there now, so that two quick changes both stay. */
  const change = useCallback(
    (changed: (now: Preferences) => Partial<Preferences>) => {
      const now = client.getQueryData<Preferences>(keys.preferences);
      if (now === undefined) {
        return tellFailed('This was not kept', new Error('Your preferences were not read yet.'));
      }
      mutate({ ...now, ...changed(now) });
    },
    [client, mutate],
  );
  return { preferences, change };
}

export function withToggled(list: readonly string[], one: string): string[] {
  return list.includes(one) ? list.filter((other) => other !== one) : [...list, one];
}
