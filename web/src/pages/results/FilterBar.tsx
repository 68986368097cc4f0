import { Button, Group, MultiSelect, Popover, Select, Stack, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { jobsQuery, queuesQuery, usersQuery, workersQuery, type Status } from '~/api/queries';
import { statuses, statusLooks } from '~/components/status';
import { narrowing, type Period } from './filters';
import type { FilterState } from './useFilters';

const periodChoices: { value: Period; label: string }[] = [
  { value: '1h', label: 'Last hour' },
  { value: '6h', label: 'Last 6 hours' },
  { value: '1d', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
];

/** Two beside each other on a phone. */
const half = 'calc(50% - 6px)';

/** Search and filters; the rarer ones behind a button. A timeline has only times to filter by. */
export function FilterBar({ state }: { state: FilterState }) {
  const { filters, change, reset } = state;
  const isList = filters.view === 'list';
  const jobs = useQuery(jobsQuery).data ?? [];
  return (
    <Group gap="sm" mb="md" align="flex-start">
      {isList && (
        <>
          <TextInput
            w={{ base: '100%', xs: 200 }}
            type="search"
            aria-label="Search results"
            placeholder="Search by name"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={filters.q}
            onChange={(event) => change({ q: event.currentTarget.value })}
          />
          <MultiSelect
            w={{ base: half, xs: 210 }}
            aria-label="Status"
            placeholder={filters.status.length === 0 ? 'Any status' : ''}
            clearable
            value={filters.status}
            onChange={(status) => change({ status: status as Status[] })}
            data={statuses.map((value) => ({ value, label: statusLooks[value].word }))}
          />
          <Select
            w={{ base: half, xs: 200 }}
            aria-label="Job"
            placeholder="Any job"
            clearable
            searchable
            value={filters.job || null}
            onChange={(job) => change({ job: job ?? '' })}
            data={withChosen(
              jobs.map((job) => ({ value: job.class_path, label: job.name })),
              filters.job,
            )}
          />
        </>
      )}
      <Select
        w={{ base: half, xs: 150 }}
        aria-label="Period"
        placeholder={isList ? 'Any time' : 'Last 6 hours'}
        clearable
        value={filters.period || null}
        onChange={(period) =>
          change({ period: (period ?? '') as Period | '', after: '', before: '' })
        }
        data={periodChoices}
      />
      <MoreFilters state={state} />
      {(narrowing(filters) > 0 || filters.q !== '') && (
        <Button
          variant="subtle"
          color="gray"
          size="sm"
          leftSection={<IconX size={14} aria-hidden />}
          onClick={reset}
        >
          Clear
        </Button>
      )}
    </Group>
  );
}

function MoreFilters({ state }: { state: FilterState }) {
  const { filters, change } = state;
  const isList = filters.view === 'list';
  const used = [filters.user, filters.queue, filters.worker, filters.after, filters.before].filter(
    Boolean,
  ).length;
  const choices = [
    { name: 'user', label: 'Run by', values: useUserNames() },
    { name: 'queue', label: 'Queue', values: useQueueNames() },
    { name: 'worker', label: 'Worker', values: useWorkerNames() },
  ] as const;
  return (
    <Popover position="bottom-start" trapFocus>
      <Popover.Target>
        <Button
          variant={used > 0 ? 'light' : 'default'}
          size="sm"
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
        >
          {used > 0 ? `More (${used})` : 'More'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="More filters">
        <Stack gap="xs" w={250}>
          {isList &&
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
      </Popover.Dropdown>
    </Popover>
  );
}

const useUserNames = () => (useQuery(usersQuery).data ?? []).map((user) => user.username);
const useQueueNames = () => (useQuery(queuesQuery).data ?? []).map((queue) => queue.name);
const useWorkerNames = () => [
  ...new Set((useQuery(workersQuery).data?.results ?? []).map((worker) => worker.name)),
];

/** A value of the address is among the choices also when its record is gone. */
function withChosen(choices: { value: string; label: string }[], chosen: string) {
  if (chosen === '' || choices.some(({ value }) => value === chosen)) return choices;
  return [...choices, { value: chosen, label: chosen }];
}
