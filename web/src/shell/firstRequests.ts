/** What the page of an address asks the server for first; the rest of the page is not needed to know it. */
import {
  jobsAddress,
  jobsSearch,
  preferencesAddress,
  resultsAddress,
  sessionAddress,
  summaryAddress,
  summarySearch,
} from '~/api/addresses';
import { filtersOf, listRequestOf } from '~/pages/results/filters';
import type { PagePath } from './chunks';

const jobs = () => [false, true].map((hidden) => `${jobsAddress}?${jobsSearch(hidden)}`);
const results = (search: string) => {
  const filters = filtersOf(search);
  if (filters.view !== 'list') return [];
  return [`${resultsAddress}?${listRequestOf(filters, new Date())}`];
};

const ofPages: Partial<Record<PagePath, (search: string) => string[]>> = {
  '/': jobs,
  '/jobs': jobs,
  '/results': results,
};

/** Their addresses, those of the whole page first. */
export function firstRequests(page: PagePath | undefined, search: string): string[] {
  if (page === undefined) return [sessionAddress];
  return [
    sessionAddress,
    ...(ofPages[page]?.(search) ?? []),
    preferencesAddress,
    `${summaryAddress}?${summarySearch()}`,
  ];
}
