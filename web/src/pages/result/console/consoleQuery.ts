/** Which lines of the output are shown, and how they are asked for. */
import { api, orThrow } from '~/api/client';

export type Stream = '' | 'stdout' | 'stderr';

export interface ConsoleFilter {
  search: string;
  /** "" for both. */
  stream: Stream;
}

export const wholeOutput: ConsoleFilter = { search: '', stream: '' };

export function isNarrowed({ search, stream }: ConsoleFilter): boolean {
  return search !== '' || stream !== '';
}

function queryOf({ search, stream }: ConsoleFilter) {
  return {
    ...(search === '' ? {} : { q: search }),
    ...(stream === '' ? {} : { output_type: stream }),
  };
}

/** Where the shown lines can be downloaded. */
export function outputPath(id: string, filter: ConsoleFilter, csv: boolean): string {
  const query = new URLSearchParams({ ...queryOf(filter), ...(csv ? { format: 'csv' } : {}) });
  const text = query.size === 0 ? '' : `?${query}`;
  return `/api/extras/job-results/${id}/console/download/${text}`;
}

export async function readConsole(
  id: string,
  filter: ConsoleFilter,
  offset: number,
  limit: number,
  signal: AbortSignal,
) {
  const params = { path: { id }, query: { ...queryOf(filter), offset, limit } };
  const page = await orThrow(api.GET('/api/extras/job-results/{id}/console/', { params, signal }));
  return Array.isArray(page) ? page : page.results;
}
