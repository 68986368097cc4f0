/** Which entries of a log are shown, and how they are asked for. */
import { api, orThrow } from '~/api/client';
import type { LogEntry } from './LogRow';
import { levelsOf, type LevelGroup } from './levels';

export interface LogFilter {
  levels: LevelGroup[];
  grouping: string;
  search: string;
  /** 0: of all attempts. */
  attempt: number;
}

export const noFilter: LogFilter = { levels: [], grouping: '', search: '', attempt: 0 };

export function isFiltered(filter: LogFilter): boolean {
  return filter.levels.length > 0 || !isCounted(filter);
}

/** Whether the counts of the result tell how many entries there are. */
export function isCounted({ grouping, search, attempt }: LogFilter): boolean {
  return grouping === '' && search === '' && attempt === 0;
}

/** The filter as a query of the interface. */
export function filterQuery(filter: LogFilter): URLSearchParams {
  const query = new URLSearchParams();
  for (const group of filter.levels) {
    for (const level of levelsOf(group)) query.append('log_level', level);
  }
  if (filter.grouping !== '') query.set('grouping', filter.grouping);
  if (filter.search !== '') query.set('q', filter.search);
  if (filter.attempt > 0) query.set('attempt', String(filter.attempt));
  return query;
}

/** Where the shown entries can be downloaded. */
export function downloadPath(id: string, filter: LogFilter, csv = false): string {
  const query = filterQuery(filter);
  if (csv) query.set('format', 'csv');
  const text = query.toString();
  return `/api/extras/job-results/${id}/logs/download/${text === '' ? '' : `?${text}`}`;
}

export async function readLog(
  id: string,
  filter: LogFilter,
  offset: number,
  limit: number,
  signal?: AbortSignal,
): Promise<LogEntry[]> {
  const query = filterQuery(filter);
  query.set('offset', String(offset));
  query.set('limit', String(limit));
  query.set('render', 'html');
  const page = await orThrow(
    api.GET('/api/extras/job-results/{id}/logs/', {
      params: { path: { id } },
      querySerializer: () => query.toString(),
      ...(signal ? { signal } : {}),
    }),
  );
  return Array.isArray(page) ? page : page.results;
}
