/** What `/api/extras/events/` tells, and which queries it makes stale. No connection here. */
import type { QueryKey } from '@tanstack/react-query';
import { keys } from '~/api/queries';
import type { Status } from '~/api/statuses';

export interface StatusEvent {
  job_result: string;
  job_model: string | null;
  name: string;
  status: Status;
  attempt: number;
  reason: string;
}

const finalStatuses: ReadonlySet<Status> = new Set(['SUCCESS', 'FAILURE', 'REVOKED']);

export function isFinal(status: Status): boolean {
  return finalStatuses.has(status);
}

export function parseStatusEvent(data: string): StatusEvent | null {
  try {
    const event: unknown = JSON.parse(data);
    if (typeof event !== 'object' || event === null) return null;
    return 'job_result' in event && 'status' in event ? (event as StatusEvent) : null;
  } catch {
    return null;
  }
}

/** The keys that one event makes stale. */
export function staleAfter(event: StatusEvent): QueryKey[] {
  const stale: QueryKey[] = [
    keys.summary,
    keys.results,
    keys.timeline,
    keys.repositories, // a sync is a run
    keys.result(event.job_result),
  ];
  if (isFinal(event.status)) stale.push(keys.recentResults);
  return stale;
}

/** After a pause in the stream anything may have changed. */
export const staleAfterReset: readonly QueryKey[] = [
  keys.summary,
  keys.results,
  ['result'],
  keys.timeline,
  keys.recentResults,
  keys.jobs,
  keys.sources,
  keys.repositories,
  keys.workers,
  keys.queues,
];
