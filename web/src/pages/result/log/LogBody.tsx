import { IconFileText } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState, type CSSProperties } from 'react';
import { EmptyState } from '~/components/EmptyState';
import type { RunFeed } from '../runFeed';
import { foldedLines } from './folding';
import { groupOf, totalOf } from './levels';
import { LiveLines, NothingFound } from './LiveLines';
import type { Target } from './LogList';
import { isCounted, isFiltered, readLog, type LogFilter } from './logQuery';
import { GroupRow, LogRow, WaitingRow, type LogEntry } from './LogRow';
import classes from './LogTab.module.css';
import type { LogWindow } from './logWindow';
import { useLiveWindow } from './useLiveWindow';

interface LogBodyProps {
  id: string;
  feed: RunFeed;
  filter: LogFilter;
  folding: boolean;
  wrap: boolean;
  ended: boolean;
  follow: boolean;
  onFollow: (follow: boolean) => void;
  target: Target | null;
  marked: number | null;
  onNumber: (entry: LogEntry, number: number | null) => void;
  onClear: () => void;
  /** Told the groupings that were seen so far. */
  onGroupings: (groupings: string[]) => void;
}

const rowHeight = 24;
/** Rows shown as under way while the end is not known. */
const waitingRows = 12;

/** The entries that a filter lets through, live. Made anew for each filter. */
export function LogBody(props: LogBodyProps) {
  const { filter, folding } = props;
  const log = useLiveWindow<LogEntry>(props.feed, {
    load: (offset, limit, signal) => readLog(props.id, filter, offset, limit, signal),
    count: (state) => (isCounted(filter) ? totalOf(state.counts, filter.levels) : null),
    select: (batch) =>
      filter.levels.length === 0
        ? batch.logs
        : batch.logs.filter((entry) => filter.levels.includes(groupOf(entry.log_level))),
  });
  const [seen] = useState(() => new Set<string>());
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const lines = useLines(log, folding, opened);
  const numbered = !isFiltered(filter);
  // The same function always, so that a batch renders the rows that are new and no others.
  const latest = useRef(props.onNumber);
  useEffect(() => {
    latest.current = props.onNumber;
  });
  const onNumber = useCallback(
    (entry: LogEntry, number: number | null) => latest.current(entry, number),
    [],
  );

  function viewed(first: number, last: number) {
    if (folding) log.want(0, log.count - 1);
    else log.want(first, last);
    const known = seen.size;
    for (let row = first; row <= last; row += 1) {
      const grouping = log.row(row)?.grouping;
      if (grouping) seen.add(grouping);
    }
    if (seen.size !== known) props.onGroupings([...seen].sort());
  }

  function toggle(first: number) {
    setOpened((old) => {
      const next = new Set(old);
      if (!next.delete(first)) next.add(first);
      return next;
    });
  }

  function entryRow(row: number) {
    const entry = log.row(row);
    if (entry === undefined) return <WaitingRow index={row} />;
    return (
      <LogRow
        entry={entry}
        number={numbered ? row + 1 : null}
        marked={numbered && props.marked === row + 1}
        wrap={props.wrap}
        onNumber={onNumber}
      />
    );
  }

  function row(index: number) {
    const line = lines === null ? null : lines[index];
    if (!line || line.kind === 'entry') return entryRow(line ? line.row : index);
    return <GroupRow line={line} onToggle={toggle} />;
  }

  const count = lines ? lines.length : log.count + (log.open ? waitingRows : 0);
  if (count === 0 && log.failure === null && log.known) return <NoEntries {...props} />;
  const digits = { '--digits': `${String(log.count).length + 3}ch` } as CSSProperties;
  return (
    <div className={classes.body} style={digits}>
      <LiveLines
        log={log}
        failure="A part of the log could not be read"
        ended={props.ended}
        label="Log entries"
        count={count}
        rowHeight={rowHeight}
        row={row}
        onView={viewed}
        follow={props.follow}
        onFollow={props.onFollow}
        target={props.target}
        search={filter.search}
      />
    </div>
  );
}

/** The lines of the folded log; null while it is not folded or not at hand as a whole. */
function useLines(log: LogWindow<LogEntry>, folding: boolean, opened: ReadonlySet<number>) {
  const { version } = log;
  return useMemo(() => {
    if (!folding || version < 0) return null;
    const entries: LogEntry[] = [];
    for (let row = 0; row < log.count; row += 1) {
      const entry = log.row(row);
      if (entry === undefined) return null;
      entries.push(entry);
    }
    return foldedLines(entries, opened);
  }, [log, version, folding, opened]);
}

function NoEntries({ filter, ended, onClear }: LogBodyProps) {
  if (isFiltered(filter)) {
    return (
      <NothingFound title="No entry matches" all="Show the whole log" onAll={onClear}>
        Nothing in this log is of this kind, or has these words.
      </NothingFound>
    );
  }
  return (
    <EmptyState icon={IconFileText} title={ended ? 'An empty log' : 'Nothing logged yet'}>
      {ended
        ? 'The run ended without an entry. What a job says with self.logger stands here.'
        : 'Entries appear here as the job writes them.'}
    </EmptyState>
  );
}
