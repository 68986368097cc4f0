import { describe, expect, it, vi } from 'vitest';
import type { JobResult } from '~/api/queries';
import { RunFeed } from './runFeed';

class FakeSource extends EventTarget {
  onopen = null;
  onerror = null;
  close = vi.fn();
  constructor(readonly url: string) {
    super();
  }
  send(kind: string, data: object) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }
}

const result = (status: string, info: number, sequence: number) =>
  ({
    status: { value: status },
    debug_log_count: 0,
    info_log_count: info,
    success_log_count: 0,
    warning_log_count: 0,
    error_log_count: 0,
    console_count: 1,
    progress: null,
    last_sequence: sequence,
  }) as JobResult;

function feedOf(...results: JobResult[]) {
  const sources: FakeSource[] = [];
  const timers: (() => void)[] = [];
  const read = vi.fn(async () => results.shift()!);
  const feed = new RunFeed({
    read,
    url: (after) => `/events/?after=${after}`,
    later: (callback) => timers.push(callback),
    live: {
      connect: (url) => {
        const source = new FakeSource(url);
        sources.push(source);
        return source as unknown as EventSource;
      },
      frame: (callback) => callback(),
      now: () => 0,
    },
  });
  return { feed, sources, timers, read };
}

const told = (condition: () => void) => vi.waitFor(condition);

describe('RunFeed', () => {
  it('goes on from the counts of the reading', async () => {
    const { feed, sources } = feedOf(result('STARTED', 10, 15));
    const taken = vi.fn();
    feed.listen(taken);
    feed.start();
    await told(() => expect(sources).toHaveLength(1));
    expect(sources[0]!.url).toBe('/events/?after=15');
    sources[0]!.send('log', { sequence: 16, log_level: 'info' });
    sources[0]!.send('log', { sequence: 17, log_level: 'critical' });
    sources[0]!.send('console', { sequence: 18 });
    sources[0]!.send('progress', { sequence: 19, done: 1, total: 4, message: '' });
    expect(feed.snapshot()).toMatchObject({
      counts: { info: 11, error: 1 },
      consoleCount: 2,
      progress: { done: 1 },
      epoch: 1,
    });
    expect(taken).toHaveBeenCalledTimes(4);
  });

  it('reads the result once more when it ends, and follows no more', async () => {
    const { feed, sources, read } = feedOf(result('STARTED', 1, 2), result('SUCCESS', 2, 4));
    feed.start();
    await told(() => expect(sources).toHaveLength(1));
    sources[0]!.send('status', { sequence: 4, status: 'SUCCESS' });
    await told(() => expect(read).toHaveBeenCalledTimes(2));
    await told(() => expect(feed.snapshot()).toMatchObject({ counts: { info: 2 }, epoch: 2 }));
    expect(feed.snapshot()!.connection).toBe('closed');
    expect(sources).toHaveLength(1);
  });

  it('leaves a stream that brings too much, and goes on behind it', async () => {
    const { feed, sources, timers } = feedOf(
      result('STARTED', 0, 1),
      result('STARTED', 90_000, 90_002),
    );
    feed.start();
    await told(() => expect(sources).toHaveLength(1));
    for (let sequence = 2; timers.length === 0; sequence += 1) {
      sources[0]!.send('log', { sequence, log_level: 'info' });
    }
    timers[0]!();
    await told(() => expect(sources).toHaveLength(2));
    expect(sources[1]!.url).toBe('/events/?after=90002');
    expect(feed.snapshot()).toMatchObject({ counts: { info: 90_000 }, epoch: 2 });
  });

  it('does not follow a run that has ended, nor one that nobody looks at any more', async () => {
    const ended = feedOf(result('FAILURE', 3, 9));
    ended.feed.start();
    await told(() => expect(ended.feed.snapshot()).not.toBeNull());
    expect(ended.sources).toEqual([]);
    const left = feedOf(result('STARTED', 3, 9));
    left.feed.start();
    left.feed.stop();
    await told(() => expect(left.read).toHaveBeenCalled());
    await Promise.resolve();
    expect(left.sources).toEqual([]);
  });

  it('tries again when the result cannot be read', async () => {
    const { feed, timers, read, sources } = feedOf();
    read.mockRejectedValueOnce(new Error('away'));
    read.mockResolvedValueOnce(result('STARTED', 0, 1));
    feed.start();
    await told(() => expect(timers).toHaveLength(1));
    timers[0]!();
    await told(() => expect(sources).toHaveLength(1));
  });
});
