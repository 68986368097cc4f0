import { Select, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { queuesQuery, repositoriesQuery, usersQuery, workersQuery } from '~/api/queries';
import { withChosen } from './choices';
import type { FilterState } from './useFilters';

/** Who ran it, where, and between which times. A timeline has only times to filter by. */
export default function RareFilters({ state }: { state: FilterState }) {
  const { filters, change } = state;
  const choices = [
    { name: 'user', label: 'Run by', values: useUserNames() },
    { name: 'queue', label: 'Queue', values: useQueueNames() },
    { name: 'worker', label: 'Worker', values: useWorkerNames() },
    { name: 'repository', label: 'Syncs of repository', values: useRepositorySlugs() },
  ] as const;
  return (
    <Stack gap="xs" w={250}>
      {filters.view === 'list' &&
        choices.map(({ name, label, values }) => (
          <Select
            key={name}
            label={label}
            placeholder="Any"
            clearable
            searchable
            comboboxProps={{ withinPortal: false }}
            value={filters[name] || null}
            onChange={(value) => change({ [name]: value ?? '' })}
            data={withChosen(
              values.map((value) => ({ value, label: value })),
              filters[name],
            )}
          />
        ))}
      {(['after', 'before'] as const).map((name) => (
        <TextInput
          key={name}
          type="datetime-local"
          label={name === 'after' ? 'Created from' : 'Created until'}
          value={filters[name]}
          onChange={(event) => change({ [name]: event.currentTarget.value, period: '' })}
        />
      ))}
    </Stack>
  );
}

const useUserNames = () => (useQuery(usersQuery).data ?? []).map((user) => user.username);
const useQueueNames = () => (useQuery(queuesQuery).data ?? []).map((queue) => queue.name);
const useWorkerNames = () => [
  ...new Set((useQuery(workersQuery).data?.results ?? []).map((worker) => worker.name)),
];
const useRepositorySlugs = () =>
  (useQuery(repositoriesQuery).data ?? []).map((repository) => repository.slug);
