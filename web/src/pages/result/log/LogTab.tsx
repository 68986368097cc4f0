import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { tellFailed } from '~/components/notices';
import type { FeedState, RunFeed } from '../runFeed';
import { LogBody } from './LogBody';
import type { Target } from './LogList';
import { isFiltered, noFilter, readLog, type LogFilter } from './logQuery';
import type { LogEntry } from './LogRow';
import classes from './LogTab.module.css';
import { LogToolbar } from './LogToolbar';
import { totalOf } from './levels';
import { rowOfSequence } from './logWindow';

interface LogTabProps {
  id: string;
  feed: RunFeed;
  state: FeedState;
  attempts: number;
  ended: boolean;
}

/** A log of more entries than this is not folded: folding needs every one of them. */
export const mostFolded = 5_000;

function lineOfHash(): number | null {
  const found = /^#line-(\d+)$/.exec(window.location.hash);
  return found === null ? null : Math.max(1, Number(found[1]));
}

function targetAt(line: number | null): Target | null {
  return line === null ? null : { row: line - 1, at: performance.now() };
}

/** The log of a run: what is shown of it, and how. */
export function LogTab({ id, feed, state, attempts, ended }: LogTabProps) {
  const [filter, setFilter] = useState<LogFilter>(noFilter);
  const [search] = useDebouncedValue(filter.search, 250);
  const [marked, setMarked] = useState(lineOfHash);
  const [target, setTarget] = useState(() => targetAt(lineOfHash()));
  const [follow, setFollow] = useState(!ended && target === null);
  const [wrap, setWrap] = useState(true);
  const [folding, setFolding] = useState(false);
  const [groupings, setGroupings] = useState<string[]>([]);
  const shown = { ...filter, search };
  const total = totalOf(state.counts);
  const foldable = total <= mostFolded && !isFiltered(shown);

  function show(line: number) {
    setFilter(noFilter);
    setFolding(false);
    setFollow(false);
    setMarked(line);
    setTarget(targetAt(line));
  }

  function narrow(part: Partial<LogFilter>) {
    setTarget(null);
    setFilter((old) => ({ ...old, ...part }));
  }

  useEffect(() => {
    const changed = () => {
      const line = lineOfHash();
      if (line !== null) show(line);
    };
    window.addEventListener('hashchange', changed);
    return () => window.removeEventListener('hashchange', changed);
  }, []);

  async function chosen(entry: LogEntry, number: number | null) {
    try {
      const sequenceAt = async (row: number) =>
        (await readLog(id, noFilter, row, 1))[0]?.sequence ?? Infinity;
      const line = number ?? (await rowOfSequence(entry.sequence, total, sequenceAt)) + 1;
      window.history.replaceState(window.history.state, '', `#line-${line}`);
      if (number === null) show(line);
      else setMarked(line);
    } catch (error) {
      tellFailed('The line was not found', error);
    }
  }

  return (
    <div className={classes.tab}>
      <LogToolbar
        id={id}
        filter={filter}
        onFilter={narrow}
        counts={state.counts}
        complete={state.connection === 'closed'}
        attempts={attempts}
        groupings={groupings}
        foldable={foldable}
        view={{ follow, wrap, folding: folding && foldable }}
        onView={(part) => {
          if (part.follow !== undefined) setFollow(part.follow);
          if (part.wrap !== undefined) setWrap(part.wrap);
          if (part.folding !== undefined) setFolding(part.folding);
        }}
        ended={ended}
        onLine={(line) => {
          window.history.replaceState(window.history.state, '', `#line-${line}`);
          show(line);
        }}
      />
      <LogBody
        key={JSON.stringify([id, shown, folding && foldable])}
        id={id}
        feed={feed}
        filter={shown}
        folding={folding && foldable}
        wrap={wrap}
        ended={ended}
        follow={follow}
        onFollow={setFollow}
        target={target}
        marked={marked}
        onNumber={(entry, number) => void chosen(entry, number)}
        onClear={() => narrow(noFilter)}
        onGroupings={setGroupings}
      />
    </div>
  );
}
