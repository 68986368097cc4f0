/**
 * What the results page shows, as its address says it: `/results?status=FAILURE&period=1d`. Saved
 * views keep that text, the list and the CSV file are asked for with what it becomes for the server.
 */
import { statuses, type Status } from '~/api/statuses';

export const periods = { '1h': 3600, '6h': 21_600, '1d': 86_400, '7d': 604_800, '30d': 2_592_000 };
export type Period = keyof typeof periods;

export const sorts = ['-date_created', 'date_created', '-date_done', 'date_done'] as const;
export type Sort = (typeof sorts)[number];

export interface ResultFilters {
  q: string;
  status: Status[];
  /** A class path. */
  job: string;
  user: string;
  queue: string;
  worker: string;
  /** Whose syncs: the slug of a Git repository. */
  repository: string;
  /** Up to now; or else a local time from, and one until: "2026-11-24T10:00". */
  period: Period | '';
  after: string;
  before: string;
  sort: Sort;
  /** Counted from 1. */
  page: number;
  view: 'list' | 'timeline';
}

export const pageSize = 50;
const texts = ['q', 'job', 'user', 'queue', 'worker', 'repository'] as const;

/** Reads an address; what it says wrongly counts as not said. */
export function filtersOf(search: string): ResultFilters {
  const parameters = new URLSearchParams(search);
  const text = (name: string) => parameters.get(name) ?? '';
  const period = text('period');
  const sort = text('sort') as Sort;
  return {
    q: text('q'),
    status: parameters
      .getAll('status')
      .filter((value): value is Status => statuses.includes(value as Status)),
    job: text('job'),
    user: text('user'),
    queue: text('queue'),
    worker: text('worker'),
    repository: text('repository'),
    period: Object.hasOwn(periods, period) ? (period as Period) : '',
    after: localTime(text('after')),
    before: localTime(text('before')),
    sort: sorts.includes(sort) ? sort : '-date_created',
    page: Math.max(1, Number.parseInt(text('page'), 10) || 1),
    view: text('view') === 'timeline' ? 'timeline' : 'list',
  };
}

/** The address' part for filters: what is usual is left out. */
export function searchOf(filters: ResultFilters): string {
  const parameters = new URLSearchParams();
  for (const name of texts) if (filters[name] !== '') parameters.set(name, filters[name]);
  for (const status of filters.status) parameters.append('status', status);
  if (filters.period !== '') parameters.set('period', filters.period);
  if (filters.after !== '') parameters.set('after', filters.after);
  if (filters.before !== '') parameters.set('before', filters.before);
  if (filters.sort !== '-date_created') parameters.set('sort', filters.sort);
  if (filters.page !== 1) parameters.set('page', String(filters.page));
  if (filters.view !== 'list') parameters.set('view', filters.view);
  return parameters.toString();
}

/** How many filters narrow the list, apart from the search text. */
export function narrowing(filters: ResultFilters): number {
  const { status, job, user, queue, worker, repository, period, after, before } = filters;
  const texts = [job, user, queue, worker, repository, period, after, before];
  return [status.length > 0, ...texts].filter(Boolean).length;
}

/** The filters in the words of the interface, without paging. */
export function requestOf(filters: ResultFilters, now: Date): URLSearchParams {
  const request = new URLSearchParams();
  const { begin, end } = rangeOf(filters, now);
  if (filters.q !== '') request.set('q', filters.q);
  for (const status of filters.status) request.append('status', status);
  if (filters.job !== '') request.set('task_name', filters.job);
  for (const name of ['user', 'queue', 'worker'] as const) {
    if (filters[name] !== '') request.set(name, filters[name]);
  }
  if (filters.repository !== '') request.set('git_repository', filters.repository);
  if (begin !== null) request.set('date_created__gte', begin.toISOString());
  if (end !== null) request.set('date_created__lte', end.toISOString());
  request.set('sort', filters.sort);
  return request;
}

/** The page of the list that the address tells, as it is asked for. */
export function listRequestOf(filters: ResultFilters, now: Date): URLSearchParams {
  const request = requestOf(filters, now);
  request.set('limit', String(pageSize));
  request.set('offset', String((filters.page - 1) * pageSize));
  return request;
}

/** From when and until when; null: without a bound. */
export function rangeOf(
  filters: ResultFilters,
  now: Date,
): { begin: Date | null; end: Date | null } {
  if (filters.period !== '') {
    // By the minute, so that a request stays the same one for a while.
    const minute = Math.floor(now.getTime() / 60_000) * 60_000;
    return { begin: new Date(minute - periods[filters.period] * 1000), end: null };
  }
  return {
    begin: filters.after === '' ? null : new Date(filters.after),
    end: filters.before === '' ? null : new Date(filters.before),
  };
}

function localTime(text: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) && !Number.isNaN(Date.parse(text)) ? text : '';
}
