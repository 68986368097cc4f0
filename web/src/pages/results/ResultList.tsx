import { IconChecklist, IconFilterOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { usePreferences } from '~/api/preferences';
import { resultsQuery, usersQuery } from '~/api/queries';
import { countText } from '~/components/counts';
import { EmptyState } from '~/components/EmptyState';
import { Skeleton } from '~/components/Skeleton';
import { Later } from '~/components/Later';
import { Loaded } from '~/components/Loaded';
import { Panel } from '~/components/Panel';
import { useSteps } from '~/time/now';
import { BulkActions } from './BulkActions';
import { chosenColumns } from './columns';
import { listRequestOf, narrowing, pageSize } from './filters';
import { ResultTable } from './ResultTable';
import classes from './ResultTable.module.css';
import type { FilterState } from './useFilters';

const Pages = lazy(() => import('./Pages'));
const none: ReadonlySet<string> = new Set();

export function ResultList({ state }: { state: FilterState }) {
  const { filters, change } = state;
  const request = listRequestOf(filters, useSteps(60));
  const results = useQuery(resultsQuery(request.toString()));
  const users = useQuery(usersQuery).data;
  const userNames = useMemo(
    () => new Map((users ?? []).map((user) => [user.id, user.username])),
    [users],
  );
  const { preferences } = usePreferences();
  const [selected, setSelected] = useState(none);
  return (
    <Loaded
      query={results}
      failure="The results cannot be shown"
      skeleton={<Skeleton height={620} />}
    >
      {(page) => {
        const pages = Math.ceil(page.count / pageSize);
        const here = page.results.filter((result) => selected.has(result.id));
        return (
          <>
            <Panel flush>
              <BulkActions count={page.count} selected={here} onDone={() => setSelected(none)} />
              {page.results.length === 0 ? (
                <NoResults filtered={narrowing(filters) > 0 || filters.q !== ''} />
              ) : (
                <ResultTable
                  results={page.results}
                  columns={chosenColumns(preferences.result_columns)}
                  context={{ userNames }}
                  sort={filters.sort}
                  onSort={(sort) => change({ sort })}
                  selected={selected}
                  onSelect={setSelected}
                  stale={results.isPlaceholderData}
                />
              )}
            </Panel>
            {pages > 1 && (
              <div className={classes.places}>
                <span className={`${classes.count} numbers`}>
                  {(filters.page - 1) * pageSize + 1} to{' '}
                  {Math.min(filters.page * pageSize, page.count)} of {countText(page.count)}
                </span>
                <Later>
                  <Pages
                    count={pages}
                    here={filters.page}
                    onChange={(to) => change({ page: to })}
                  />
                </Later>
              </div>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

function NoResults({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState icon={IconFilterOff} title="No result matches">
        Widen the filters, or <Link href="/results">show all results</Link>.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconChecklist} title="Nothing has run yet">
      <Link href="/jobs">Choose a job</Link>, enable it, and run it. What comes of it shows here.
    </EmptyState>
  );
}
