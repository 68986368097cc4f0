import { Button, Group, NativeSelect, Popover, Skeleton, TextInput } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { jobsQuery } from '~/api/queries';
import { withChosen } from './choices';
import { narrowing, type Period } from './filters';
import { StatusFilter } from './StatusFilter';
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

/** A list to search in is not needed to see the results: it comes after them, and changes nothing of the layout. */
const JobFilter = lazy(() => import('./JobFilter'));
const RareFilters = lazy(() => import('./RareFilters'));
const jobFilter = {
  w: { base: half, xs: 200 },
  'aria-label': 'Job',
  placeholder: 'Any job',
};

/** Search and filters; the rarer ones behind a button. A timeline has only times to filter by. */
export function FilterBar({ state }: { state: FilterState }) {
  const { filters, change, reset } = state;
  const isList = filters.view === 'list';
  const jobs = useQuery(jobsQuery).data ?? [];
  const nameOf = (path: string) => jobs.find((job) => job.class_path === path)?.name ?? path;
  return (
    <Group gap="sm" mb="md">
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
          <Suspense
            fallback={
              <TextInput {...jobFilter} value={nameOf(filters.job)} readOnly aria-disabled />
            }
          >
            <JobFilter
              {...jobFilter}
              value={filters.job}
              onChange={(job) => change({ job })}
              choices={withChosen(
                jobs.map((job) => ({ value: job.class_path, label: job.name })),
                filters.job,
              )}
            />
          </Suspense>
        </>
      )}
      <NativeSelect
        w={{ base: half, xs: 150 }}
        aria-label="Period"
        value={filters.period}
        onChange={(event) =>
          change({ period: event.currentTarget.value as Period | '', after: '', before: '' })
        }
        data={[{ value: '', label: isList ? 'Any time' : 'Last 6 hours' }, ...periodChoices]}
      />
      <MoreFilters state={state} />
      {isList && <StatusFilter value={filters.status} onChange={(status) => change({ status })} />}
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
  const { user, queue, worker, repository, after, before } = state.filters;
  const used = [user, queue, worker, repository, after, before].filter(Boolean).length;
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
        <Suspense fallback={<Skeleton w={250} h={300} />}>
          <RareFilters state={state} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
