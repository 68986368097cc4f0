import { useLocation, useSearch } from 'wouter';
import { filtersOf, searchOf, type ResultFilters } from './filters';

/** The filters of the address. A change goes there, and back to the first page of the list. */
export function useFilters() {
  const filters = filtersOf(useSearch());
  const [, go] = useLocation();
  const show = (next: ResultFilters, replace = false) => {
    const search = searchOf(next);
    go(search === '' ? '/results' : `/results?${search}`, { replace });
  };
  return {
    filters,
    /** Typing replaces the entry of the browser's history; a choice makes a new one. */
    change: (part: Partial<ResultFilters>) => show({ ...filters, page: 1, ...part }, 'q' in part),
    reset: () => show(filtersOf('')),
  };
}

export type FilterState = ReturnType<typeof useFilters>;
