/** Which jobs are shown, and under which headings: source, then grouping, then name. */
import type { Job } from '~/api/queries';
import { sortedBy } from '~/components/sortedBy';
import { score } from '~/shell/search';

export const shows = ['all', 'favourites', 'enabled', 'disabled', 'failing'] as const;
export type Show = (typeof shows)[number];

export interface JobFilter {
  query: string;
  show: Show;
  hidden: boolean;
}

export interface JobContext {
  favourites: ReadonlySet<string>;
  /** Ids of jobs whose last run failed. */
  failing: ReadonlySet<string>;
}

export interface JobGroup {
  name: string;
  jobs: Job[];
}

export interface JobSource {
  name: string;
  groups: JobGroup[];
}

/** Jobs of Windlass itself are there always: with them alone, there are none yet. */
export function isAuthored(job: Job): boolean {
  return job.source !== 'system';
}

export function filterOf(search: string): JobFilter {
  const parameters = new URLSearchParams(search);
  const show = parameters.get('show') as Show;
  return {
    query: parameters.get('q') ?? '',
    show: shows.includes(show) ? show : 'all',
    hidden: parameters.get('hidden') === 'true',
  };
}

/** The address' part for a filter; empty for the usual one. */
export function searchOf(filter: JobFilter): string {
  const parameters = new URLSearchParams();
  if (filter.query !== '') parameters.set('q', filter.query);
  if (filter.show !== 'all') parameters.set('show', filter.show);
  if (filter.hidden) parameters.set('hidden', 'true');
  return parameters.toString();
}

export function isShown(job: Job, filter: JobFilter, context: JobContext): boolean {
  if (job.hidden && !filter.hidden) return false;
  if (filter.show === 'favourites' && !context.favourites.has(job.class_path)) return false;
  if (filter.show === 'enabled' && !job.enabled) return false;
  if (filter.show === 'disabled' && job.enabled) return false;
  if (filter.show === 'failing' && !context.failing.has(job.id)) return false;
  if (filter.query.trim() === '') return true;
  const more = `${job.class_path} ${job.grouping} ${job.description}`;
  return score({ id: job.id, label: job.name, more }, filter.query) > 0;
}

export function groupJobs(jobs: readonly Job[]): JobSource[] {
  const sources = new Map<string, Map<string, Job[]>>();
  for (const job of jobs) {
    const groups = sources.get(job.source) ?? new Map<string, Job[]>();
    sources.set(job.source, groups);
    const grouping = job.grouping || job.module_name;
    groups.set(grouping, [...(groups.get(grouping) ?? []), job]);
  }
  return sortedBy(sources, ([name]) => name).map(([name, groups]) => ({
    name,
    groups: sortedBy(groups, ([grouping]) => grouping).map(([grouping, members]) => ({
      name: grouping,
      jobs: sortedBy(members, ({ name }) => name),
    })),
  }));
}

export function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}
