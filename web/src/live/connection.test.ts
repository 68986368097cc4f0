import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { firstDelay, LiveConnection } from './connection';

/** The browser's side of an event stream, moved by hand. */
class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 0;

  constructor(readonly url: string) {
    super();
    FakeSource.made.push(this);
  }

  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  say(type: string, data: string) {
    this.dispatchEvent(new MessageEvent(type, { data }));
  }

  fail(readyState: number) {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }

  close() {
    this.readyState = FakeSource.CLOSED;
  }
}

const last = () => FakeSource.made[FakeSource.made.length - 1] as FakeSource;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  FakeSource.made = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('tells events, resets and its state', () => {
  const heard: string[] = [];
  const connection = new LiveConnection('/events/');
  connection.listen({
    status: (event) => heard.push(event.name),
    reset: () => heard.push('reset'),
    state: (state) => heard.push(state),
  });
  connection.start();
  last().open();
  last().say('reset', '{}');
  last().say('status', '{"job_result":"a","status":"SUCCESS","name":"Greet"}');
  last().say('status', 'garbage');
  expect(heard).toEqual(['live', 'reset', 'Greet']);
});

test('leaves a broken connection to the browser', () => {
  const connection = new LiveConnection('/events/');
  connection.start();
  last().open();
  last().fail(0);
  expect(connection.state).toBe('waiting');
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.made).toHaveLength(1);
  last().open();
  expect(connection.state).toBe('live');
});

test('comes back after a refusal, later each time, and at once again after a success', () => {
  const connection = new LiveConnection('/events/');
  connection.start();
  last().fail(FakeSource.CLOSED);
  vi.advanceTimersByTime(firstDelay);
  expect(FakeSource.made).toHaveLength(2);
  last().fail(FakeSource.CLOSED);
  vi.advanceTimersByTime(firstDelay);
  expect(FakeSource.made).toHaveLength(2);
  vi.advanceTimersByTime(firstDelay);
  expect(FakeSource.made).toHaveLength(3);
  last().open();
  last().fail(FakeSource.CLOSED);
  vi.advanceTimersByTime(firstDelay);
  expect(FakeSource.made).toHaveLength(4);
});

test('stays away once it is stopped', () => {
  const connection = new LiveConnection('/events/');
  connection.start();
  last().fail(FakeSource.CLOSED);
  connection.stop();
  vi.advanceTimersByTime(600_000);
  expect(FakeSource.made).toHaveLength(1);
});
