/** The columns of the list, as data: the table, the choice of columns and the cards follow. */
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { JobResult } from '~/api/queries';
import { countText } from '~/components/counts';
import { Duration } from '~/components/Duration';
import { jobPath, resultPath } from '~/components/JobName';
import { StatusBadge } from '~/components/StatusBadge';
import { Timestamp } from '~/components/Timestamp';
import { durationText } from '~/time/format';
import type { Sort } from './filters';
import classes from './ResultTable.module.css';

export interface CellContext {
  userNames: ReadonlyMap<string, string>;
}

export interface Column {
  name: string;
  title: string;
  cell: (result: JobResult, context: CellContext) => ReactNode;
  /** The field that the server sorts by. */
  sort?: Extract<Sort, `date${string}`>;
  isNumber?: boolean;
  /** Shown until somebody chooses. */
  usual: boolean;
}

const megabytes = (bytes: number) => `${countText(Math.round(bytes / (1024 * 1024)))} MB`;

export const columns: readonly Column[] = [
  {
    name: 'status',
    title: 'Status',
    usual: true,
    cell: (result) => <StatusBadge status={result.status.value} />,
  },
  {
    name: 'name',
    title: 'Job',
    usual: true,
    cell: (result) => (
      <Link href={resultPath(result.id)} className="quiet-link" style={{ fontWeight: 560 }}>
        {result.name}
      </Link>
    ),
  },
  {
    name: 'created',
    title: 'Created',
    usual: true,
    sort: 'date_created',
    cell: (result) => <Timestamp value={result.date_created} />,
  },
  {
    name: 'duration',
    title: 'Duration',
    usual: true,
    isNumber: true,
    cell: (result) => <Duration started={result.date_started} done={result.date_done} />,
  },
  {
    name: 'user',
    title: 'By',
    usual: true,
    cell: (result, { userNames }) =>
      result.user === null ? '–' : (userNames.get(result.user.id) ?? '–'),
  },
  {
    name: 'log',
    title: 'Log',
    usual: true,
    cell: (result) => <LogCounts result={result} />,
  },
  {
    name: 'reason',
    title: 'Reason',
    usual: true,
    cell: (result) => (
      <span className={classes.reason} title={result.reason}>
        {result.reason}
      </span>
    ),
  },
  {
    name: 'finished',
    title: 'Finished',
    usual: false,
    sort: 'date_done',
    cell: (result) => <Timestamp value={result.date_done} />,
  },
  {
    name: 'class_path',
    title: 'Class path',
    usual: false,
    cell: (result) => (
      <Link href={jobPath(result.task_name)} className="quiet-link">
        <span className={classes.code}>{result.task_name}</span>
      </Link>
    ),
  },
  { name: 'queue', title: 'Queue', usual: false, cell: (result) => result.queue },
  { name: 'worker', title: 'Worker', usual: false, cell: (result) => result.worker ?? '–' },
  {
    name: 'attempt',
    title: 'Attempt',
    usual: false,
    isNumber: true,
    cell: (result) => result.attempt,
  },
  {
    name: 'memory',
    title: 'Memory',
    usual: false,
    isNumber: true,
    cell: (result) => (result.peak_memory ? megabytes(result.peak_memory) : '–'),
  },
  {
    name: 'cpu',
    title: 'CPU',
    usual: false,
    isNumber: true,
    cell: (result) => (result.cpu_seconds ? durationText(result.cpu_seconds) : '–'),
  },
  {
    name: 'version',
    title: 'Version',
    usual: false,
    cell: (result) => <span className={classes.code}>{result.source_version.slice(0, 10)}</span>,
  },
];

/** The chosen ones, in the order of the list; the usual ones while nothing is chosen. */
export function chosenColumns(names: readonly string[]): Column[] {
  const chosen = columns.filter((column) => names.includes(column.name));
  return chosen.length > 0 ? chosen : columns.filter((column) => column.usual);
}

function LogCounts({ result }: { result: JobResult }) {
  const { warning_log_count: warnings, error_log_count: errors } = result;
  if (warnings + errors === 0) return <span />;
  return (
    <span className={classes.counts}>
      {warnings > 0 && (
        <span className={classes.warnings}>
          {countText(warnings)} {warnings === 1 ? 'warning' : 'warnings'}
        </span>
      )}
      {warnings > 0 && errors > 0 && ', '}
      {errors > 0 && (
        <span className={classes.errors}>
          {countText(errors)} {errors === 1 ? 'error' : 'errors'}
        </span>
      )}
    </span>
  );
}
