import { IconAdjustmentsHorizontal, IconSelector, IconX } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { jobsQuery } from '~/api/queries';
import field from '~/components/fields.module.css';
import { Later } from '~/components/Later';
import { buttonClass, PlainButton } from '~/components/PlainButton';
import { Popup } from '~/components/Popup';
import { SearchField } from '~/components/SearchField';
import { Skeleton } from '~/components/Skeleton';
import classes from './FilterBar.module.css';
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

/** A list to search in is not needed to see the results: it comes after them, and changes nothing of the layout. */
const JobFilter = lazy(() => import('./JobFilter'));
const RareFilters = lazy(() => import('./RareFilters'));
const anyJob = { 'aria-label': 'Job', placeholder: 'Any job' };

/** Search and filters; the rarer ones behind a button. A timeline has only times to filter by. */
export function FilterBar({ state }: { state: FilterState }) {
  const { filters, change, reset } = state;
  const isList = filters.view === 'list';
  const jobs = useQueryClient().getQueryData(jobsQuery.queryKey) ?? []; // if they were read before
  const nameOf = (path: string) => jobs.find((job) => job.class_path === path)?.name ?? path;
  return (
    <div className={classes.bar}>
      {isList && (
        <>
          <SearchField
            className={classes.search}
            label="Search results"
            hint="Search by name"
            value={filters.q}
            onChange={(q) => change({ q })}
          />
          <div className={classes.job}>
            <Later
              fallback={
                <span className={`${field.choice} ${classes.whole}`}>
                  <input
                    {...anyJob}
                    className={field.field}
                    value={nameOf(filters.job)}
                    readOnly
                    aria-disabled
                  />
                  <IconSelector size={16} aria-hidden />
                </span>
              }
            >
              <JobFilter {...anyJob} value={filters.job} onChange={(job) => change({ job })} />
            </Later>
          </div>
        </>
      )}
      <span className={`${field.choice} ${classes.period}`}>
        <select
          className={field.field}
          aria-label="Period"
          value={filters.period}
          onChange={(event) =>
            change({ period: event.currentTarget.value as Period | '', after: '', before: '' })
          }
        >
          <option value="">{isList ? 'Any time' : 'Last 6 hours'}</option>
          {periodChoices.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <IconSelector size={16} aria-hidden />
      </span>
      <MoreFilters state={state} />
      {isList && <StatusFilter value={filters.status} onChange={(status) => change({ status })} />}
      {(narrowing(filters) > 0 || filters.q !== '') && (
        <PlainButton look="quiet" tall icon={IconX} onClick={reset}>
          Clear
        </PlainButton>
      )}
    </div>
  );
}

function MoreFilters({ state }: { state: FilterState }) {
  const { user, queue, worker, repository, after, before } = state.filters;
  const used = [user, queue, worker, repository, after, before].filter(Boolean).length;
  return (
    <Popup
      label="More filters"
      buttonClass={buttonClass({ look: used > 0 ? 'light' : 'default', tall: true })}
      button={
        <>
          <IconAdjustmentsHorizontal size={16} aria-hidden />
          {used > 0 ? `More (${used})` : 'More'}
        </>
      }
    >
      {() => (
        <Suspense fallback={<Skeleton width={250} height={300} />}>
          <RareFilters state={state} />
        </Suspense>
      )}
    </Popup>
  );
}
