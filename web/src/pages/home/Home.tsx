import { Stack } from '@mantine/core';
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { jobsQuery, summaryQuery, type Summary } from '~/api/queries';
import { Loaded } from '~/components/Loaded';
import { PageHeader } from '~/components/PageHeader';
import { Skeleton } from '~/components/Skeleton';
import { BusiestPanel } from './BusiestPanel';
import { DaysPanel } from './DaysPanel';
import { FailuresPanel } from './FailuresPanel';
import { FirstSteps } from './FirstSteps';
import { Figures } from './Figures';
import classes from './Home.module.css';
import { PlacesPanel } from './PlacesPanel';
import { RunningPanel } from './RunningPanel';
import { WaitingPanel } from './WaitingPanel';

export function prefetch(client: QueryClient) {
  return [client.prefetchQuery(summaryQuery), client.prefetchQuery(jobsQuery)];
}

/** What goes on now, and what needs a look. */
export default function Home() {
  const summary = useQuery(summaryQuery);
  return (
    <>
      <PageHeader title="Home" about="What runs now, and what needs a look." />
      <Loaded query={summary} failure="The overview cannot be shown" skeleton={<HomeSkeleton />}>
        {(data) => <Overview summary={data} />}
      </Loaded>
    </>
  );
}

function Overview({ summary }: { summary: Summary }) {
  const jobs = useQuery(jobsQuery).data;
  const ranEver = summary.busiest_jobs.length > 0 || summary.days.some((day) => runsOf(day) > 0);
  const isNew = !ranEver && summary.running_count + summary.waiting_count === 0;
  return (
    <Stack gap="md">
      <Figures summary={summary} />
      {isNew && jobs !== undefined && <FirstSteps jobs={jobs} />}
      <div className={classes.columns}>
        <div className={classes.column}>
          <RunningPanel summary={summary} />
          {summary.waiting_count > 0 && <WaitingPanel summary={summary} />}
          <FailuresPanel summary={summary} />
        </div>
        <div className={classes.column}>
          <DaysPanel days={summary.days} />
          <BusiestPanel jobs={summary.busiest_jobs} />
          <PlacesPanel summary={summary} />
        </div>
      </div>
    </Stack>
  );
}

function runsOf(day: Summary['days'][number]): number {
  return day.SUCCESS + day.FAILURE + day.REVOKED;
}

function HomeSkeleton() {
  return (
    <Stack gap="md">
      <div className={classes.figures}>
        {[0, 1, 2, 3].map((one) => (
          <Skeleton key={one} height={78} />
        ))}
      </div>
      <div className={classes.columns}>
        <div className={classes.column}>
          <Skeleton height={180} />
          <Skeleton height={260} />
        </div>
        <div className={classes.column}>
          <Skeleton height={230} />
          <Skeleton height={210} />
        </div>
      </div>
    </Stack>
  );
}
