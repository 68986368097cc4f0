import { IconFilterOff } from '@tabler/icons-react';
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { useJobChange } from '~/api/jobChanges';
import { preferencesQuery, usePreferences, withToggled } from '~/api/preferences';
import { jobsQuery, type Job } from '~/api/queries';
import { EmptyState } from '~/components/EmptyState';
import { Skeleton } from '~/components/Skeleton';
import { Loaded } from '~/components/Loaded';
import { PageHeader } from '~/components/PageHeader';
import { filterOf, groupJobs, isAuthored, isShown, searchOf, type JobFilter } from './groups';
import { JobGroupPanel } from './JobGroupPanel';
import type { JobActions } from './JobRow';
import classes from './Jobs.module.css';
import { JobsToolbar } from './JobsToolbar';
import { recentResultsQuery, useSources, type RecentResults } from './queries';
import { SourceHead } from './SourceHead';

const NoJobs = lazy(() => import('./NoJobs'));
const OverrideDrawer = lazy(() => import('./OverrideDrawer'));

const noResults: RecentResults = {};
const firstRows = 20;

export function prefetch(client: QueryClient) {
  return [client.prefetchQuery(jobsQuery), client.prefetchQuery(preferencesQuery)];
}

/** All jobs, by source and grouping. */
export default function Jobs() {
  const jobs = useQuery(jobsQuery);
  return (
    <>
      <PageHeader title="Jobs" about="Everything that can be run, by where it comes from." />
      <Loaded query={jobs} failure="The jobs cannot be shown" skeleton={<JobsSkeleton />}>
        {(all) => <JobList jobs={all} />}
      </Loaded>
    </>
  );
}

function JobList({ jobs }: { jobs: readonly Job[] }) {
  const search = useSearch();
  const [, go] = useLocation();
  // undefined until a job is edited for the first time: then the drawer is loaded.
  const [edited, setEdited] = useState<string | null>();
  const { preferences, change: changePreferences } = usePreferences();
  const { mutate: changeJob } = useJobChange();
  const actions = useMemo<JobActions>(
    () => ({
      edit: (job) => setEdited(job.id),
      favour: ({ class_path }) =>
        changePreferences((now) => ({
          favourite_jobs: withToggled(now.favourite_jobs, class_path),
        })),
      enable: (job, enabled) => changeJob({ job, patch: { enabled } }),
    }),
    [changePreferences, changeJob],
  );
  const sources = useSources();
  const ids = useMemo(() => jobs.map((job) => job.id).sort(), [jobs]);
  const recent = useQuery(recentResultsQuery(ids)).data ?? noResults;

  const filter = filterOf(search);
  const context = {
    favourites: new Set(preferences.favourite_jobs),
    failing: new Set(ids.filter((id) => recent[id]?.[0]?.status === 'FAILURE')),
  };
  const shown = jobs.filter((job) => isShown(job, filter, context));
  // What is in sight first: the rest follows at once, without holding that up.
  const drawn = useDeferredValue(shown, shown.slice(0, firstRows));
  const grouped = groupJobs(drawn);
  const isAny = jobs.some(isAuthored);
  // A source that has nothing but errors is shown all the same.
  const ailing = sources.filter(({ errors, warnings }) => errors.length + warnings.length > 0);
  const names = [...new Set([...ailing, ...grouped].map((source) => source.name))];
  const namesSources = names.some((name) => name !== 'jobs_root');
  const change = (next: JobFilter) => {
    const query = searchOf(next);
    go(query === '' ? '/jobs' : `/jobs?${query}`, { replace: true });
  };
  return (
    <>
      <JobsToolbar
        filter={filter}
        onChange={change}
        shown={shown.length}
        hidden={jobs.filter((job) => job.hidden).length}
      />
      <div className={`${classes.sources} ${drawn.length > firstRows ? classes.many : ''}`}>
        {names.map((name) => (
          <div key={name} className={classes.groups}>
            <SourceHead
              name={name}
              source={sources.find((one) => one.name === name)}
              named={namesSources}
            />
            {grouped
              .find((one) => one.name === name)
              ?.groups.map((group) => (
                <JobGroupPanel
                  key={group.name}
                  group={group}
                  recent={recent}
                  favourites={context.favourites}
                  actions={actions}
                />
              ))}
          </div>
        ))}
        {!isAny && (
          <Suspense fallback={<Skeleton height={420} />}>
            <NoJobs path={sources.find((source) => source.name === 'jobs_root')?.path} />
          </Suspense>
        )}
        {isAny && shown.length === 0 && (
          <EmptyState icon={IconFilterOff} title="No job matches">
            Try fewer letters, or <Link href="/jobs">show all jobs</Link>.
          </EmptyState>
        )}
      </div>
      {edited !== undefined && (
        <Suspense>
          <OverrideDrawer
            job={jobs.find((job) => job.id === edited) ?? null}
            onClose={() => setEdited(null)}
          />
        </Suspense>
      )}
    </>
  );
}

function JobsSkeleton() {
  return (
    <div className={classes.groups}>
      <Skeleton height={36} />
      <Skeleton height={42} margin="10px 0 0" />
      {[0, 1, 2, 3].map((row) => (
        <Skeleton key={row} height={58} />
      ))}
    </div>
  );
}
