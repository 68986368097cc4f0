import { IconFileTypeCsv } from '@tabler/icons-react';
import type { QueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import { preferencesQuery } from '~/api/preferences';
import { resultsQuery } from '~/api/queries';
import { PageHeader } from '~/components/PageHeader';
import { PlainButtonLink } from '~/components/PlainButton';
import { Segments } from '~/components/Segments';
import { Skeleton } from '~/components/Skeleton';
import { soon } from '~/components/soon';
import { useSteps } from '~/time/now';
import { ColumnsMenu } from './ColumnsMenu';
import { FilterBar } from './FilterBar';
import { filtersOf, listRequestOf, requestOf } from './filters';
import { ResultList } from './ResultList';
import { useFilters } from './useFilters';
import { ViewsMenu } from './ViewsMenu';

const timeline = soon(() => import('./TimelineView'));

export function prefetch(client: QueryClient, search: string) {
  const filters = filtersOf(search);
  if (filters.view === 'timeline') return [timeline.load()];
  const request = listRequestOf(filters, new Date());
  return [
    client.prefetchQuery(resultsQuery(request.toString())),
    client.prefetchQuery(preferencesQuery),
  ];
}

/** All runs: filtered by what the address says, as a list or as a timeline over the workers. */
export default function Results() {
  const state = useFilters();
  const { filters, change } = state;
  const isList = filters.view === 'list';
  return (
    <>
      <PageHeader title="Results" about="Every run, and what came of it.">
        <Segments
          label="View"
          value={filters.view}
          onChange={(view) => change({ view })}
          choices={[
            { value: 'list', label: 'List' },
            { value: 'timeline', label: 'Timeline' },
          ]}
        />
        <ViewsMenu state={state} />
        {isList && <ColumnsMenu />}
        {isList && <CsvLink />}
      </PageHeader>
      <FilterBar state={state} />
      {isList ? (
        <ResultList state={state} />
      ) : (
        <Suspense fallback={<Skeleton height={280} />}>
          <timeline.Component state={state} />
        </Suspense>
      )}
    </>
  );
}

function CsvLink() {
  const { filters } = useFilters();
  const request = requestOf(filters, useSteps(60));
  request.set('format', 'csv');
  request.set('limit', '0'); // as many as the server gives
  return (
    <PlainButtonLink
      href={`/api/extras/job-results/?${request}`}
      download="results.csv"
      icon={IconFileTypeCsv}
      title="What the filters find, 1,000 results at most"
    >
      CSV
    </PlainButtonLink>
  );
}
