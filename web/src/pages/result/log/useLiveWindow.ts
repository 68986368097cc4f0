import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import type { Batch } from '../liveRun';
import type { FeedState, RunFeed } from '../runFeed';
import { LogWindow, type LoadPage, type Sequenced } from './logWindow';

interface LiveWindow<E> {
  load: LoadPage<E>;
  /** How many rows there are; null when the counts do not tell. */
  count: (state: FeedState) => number | null;
  /** The rows among what came. */
  select: (batch: Batch) => E[];
}

const pauseBetweenLooks = 1000;

/**
 * A window on entries of a run, fed while the run goes on. Where it is not known how many rows
 * there are, live entries make it look for the end anew, at most once a second.
 */
export function useLiveWindow<E extends Sequenced>(
  feed: RunFeed,
  { load, count, select }: LiveWindow<E>,
): LogWindow<E> {
  const [log] = useState(() => new LogWindow<E>(load));
  useSyncExternalStore(log.subscribe, () => log.version);
  const epoch = useSyncExternalStore(feed.subscribe, () => feed.snapshot()?.epoch ?? 0);
  const counted = useEffectEvent(count);
  const selected = useEffectEvent(select);

  useEffect(() => {
    const state = feed.snapshot();
    if (state === null) return;
    const rows = counted(state);
    if (rows === null) log.reopen();
    else log.settle(rows);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const unlisten = feed.listen((batch) => {
      const entries = selected(batch);
      if (entries.length === 0) return;
      if (rows !== null) return log.append(entries);
      timer ??= setTimeout(() => {
        timer = undefined;
        log.reopen();
      }, pauseBetweenLooks);
    });
    return () => {
      unlisten();
      clearTimeout(timer);
    };
  }, [feed, log, epoch]);
  return log;
}
