import { beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveRun, type Batch } from './liveRun';

/** An EventSource whose server is the test. */
class FakeSource extends EventTarget {
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  readyState = 1;
  close = vi.fn(() => {
    this.readyState = 2;
  });
  constructor(readonly url: string) {
    super();
  }
  send(kind: string, data: object) {
    this.dispatchEvent(new MessageEvent(kind, { data: JSON.stringify(data) }));
  }
}

let sources: FakeSource[];
let frames: (() => void)[];
let timers: (() => void)[];
let batches: Batch[];
let connections: string[];
let now: number;
const overload = vi.fn();

function follow(after: number) {
  const run = new LiveRun({
    url: (sequence) => `/events/?after=${sequence}`,
    onBatch: (batch) => batches.push(batch),
    onOverload: overload,
    onConnection: (state) => connections.push(state),
    connect: (url) => {
      const source = new FakeSource(url);
      sources.push(source);
      return source as unknown as EventSource;
    },
    frame: (callback) => frames.push(callback),
    later: (callback) => timers.push(callback),
    now: () => now,
  });
  run.start(after);
  return run;
}

const log = (sequence: number) => ({ sequence, message: `line ${sequence}` });

beforeEach(() => {
  [sources, frames, timers, batches, connections] = [[], [], [], [], []];
  now = 0;
  overload.mockClear();
});

describe('LiveRun', () => {
  it('hands on one batch a frame', () => {
    follow(7);
    expect(sources[0]!.url).toBe('/events/?after=7');
    sources[0]!.send('log', log(8));
    sources[0]!.send('log', log(9));
    sources[0]!.send('progress', { sequence: 10, done: 1, total: 2, message: '' });
    expect(batches).toEqual([]);
    expect(frames).toHaveLength(1);
    frames[0]!();
    expect(batches[0]!.logs.map((entry) => entry.sequence)).toEqual([8, 9]);
    expect(batches[0]!.progress).toMatchObject({ done: 1, total: 2 });
  });

  it('ends after the final status, and hands on what came with it', () => {
    follow(0);
    sources[0]!.send('status', { sequence: 1, status: 'STARTED' });
    expect(sources[0]!.close).not.toHaveBeenCalled();
    sources[0]!.send('log', log(2));
    sources[0]!.send('status', { sequence: 3, status: 'FAILURE' });
    expect(sources[0]!.close).toHaveBeenCalled();
    frames[0]!();
    expect(batches[0]!.statuses.map((event) => event.status)).toEqual(['STARTED', 'FAILURE']);
    expect(batches[0]!.logs).toHaveLength(1);
    expect(connections.at(-1)).toBe('closed');
  });

  it('leaves a stream that was cut to the browser', () => {
    follow(0);
    sources[0]!.readyState = 0;
    sources[0]!.onerror!();
    expect(connections.at(-1)).toBe('waiting');
    expect(timers).toEqual([]);
    sources[0]!.onopen!();
    expect(connections.at(-1)).toBe('live');
  });

  it('opens another where the browser gave up, after the last event', () => {
    follow(0);
    sources[0]!.send('log', log(41));
    sources[0]!.readyState = 2;
    sources[0]!.onerror!();
    timers[0]!();
    expect(sources[1]!.url).toBe('/events/?after=41');
  });

  it('does not come back once it was stopped', () => {
    const run = follow(0);
    sources[0]!.readyState = 2;
    sources[0]!.onerror!();
    run.stop();
    timers[0]!();
    expect(sources).toHaveLength(1);
  });

  it('stops and says so when more comes than can be shown', () => {
    follow(0);
    for (let sequence = 1; sequence <= 3001; sequence += 1) {
      sources[0]!.send('log', log(sequence));
    }
    expect(overload).toHaveBeenCalledOnce();
    expect(sources[0]!.close).toHaveBeenCalled();
  });

  it('takes any number of events when they come slowly enough', () => {
    follow(0);
    for (let sequence = 1; sequence <= 20_000; sequence += 1) {
      now += 1;
      sources[0]!.send('log', log(sequence));
    }
    expect(overload).not.toHaveBeenCalled();
  });
});
