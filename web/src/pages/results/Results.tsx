import { Button, Group, SegmentedControl } from '@mantine/core';
import { IconFileTypeCsv } from '@tabler/icons-react';
import { PageHeader } from '~/components/PageHeader';
import { useSteps } from '~/time/now';
import { ColumnsMenu } from './ColumnsMenu';
import { FilterBar } from './FilterBar';
import { requestOf } from './filters';
import { ResultList } from './ResultList';
import { TimelineView } from './TimelineView';
import { useFilters } from './useFilters';
import { ViewsMenu } from './ViewsMenu';

/** All runs: filtered by what the address says, as a list or as a timeline over the workers. */
export default function Results() {
  const state = useFilters();
  const { filters, change } = state;
  const isList = filters.view === 'list';
  return (
    <>
      <PageHeader title="Results" about="Every run, and what came of it.">
        <SegmentedControl
          size="xs"
          aria-label="View"
          value={filters.view}
          onChange={(view) => change({ view: view as 'list' | 'timeline' })}
          data={[
            { value: 'list', label: 'List' },
            { value: 'timeline', label: 'Timeline' },
          ]}
        />
        <ViewsMenu state={state} />
        {isList && <ColumnsMenu />}
        {isList && <CsvLink />}
      </PageHeader>
      <FilterBar state={state} />
      {isList ? <ResultList state={state} /> : <TimelineView state={state} />}
    </>
  );
}

function CsvLink() {
  const { filters } = useFilters();
  const request = requestOf(filters, useSteps(60));
  request.set('format', 'csv');
  request.set('limit', '0'); // as many as the server gives
  return (
    <Group gap={0}>
      <Button
        component="a"
        variant="default"
        href={`/api/extras/job-results/?${request}`}
        download="results.csv"
        leftSection={<IconFileTypeCsv size={16} aria-hidden />}
        title="What the filters find, 1,000 results at most"
      >
        CSV
      </Button>
    </Group>
  );
}
