import { expect, test } from 'vitest';
import { barsOf, ticksOf, type TimelineRun } from './lanes';

const begin = Date.parse('2026-11-24T10:00:00Z');
const hour = 3_600_000;
const at = (minutes: number) => new Date(begin + minutes * 60_000).toISOString();
const run = (id: string, from: number, until: number | null): TimelineRun => ({
  id,
  name: id,
  status: 'SUCCESS',
  date_started: at(from),
  date_done: until === null ? null : at(until),
});
const lanes = (...runs: TimelineRun[]) =>
  Object.fromEntries(barsOf(runs, begin, begin + hour).map(({ run: { id }, lane }) => [id, lane]));

test('runs that overlap lie in lanes, which are used again', () => {
  expect(lanes(run('c', 31, 40), run('a', 0, 20), run('b', 10, 30))).toEqual({ a: 0, b: 1, c: 0 });
  expect(lanes(run('a', 0, 20), run('b', 20, 30))).toEqual({ a: 0, b: 0 });
});

test('a bar is cut at the window, and one that runs lasts to its end', () => {
  const [early, open] = barsOf([run('early', -30, 15), run('open', 30, null)], begin, begin + hour);
  expect([early?.left, early?.width]).toEqual([0, 25]);
  expect([open?.left, open?.width]).toEqual([50, 50]);
});

test('what lies outside is left out', () => {
  expect(lanes(run('before', -30, -10), run('after', 70, 80))).toEqual({});
});

test('ticks are round local times, eight at most', () => {
  const ticks = ticksOf(begin + 5 * 60_000, begin + hour);
  expect(ticks.map((tick) => new Date(tick).toISOString().slice(11, 16))).toEqual([
    '10:10',
    '10:20',
    '10:30',
    '10:40',
    '10:50',
    '11:00',
  ]);
  const days = ticksOf(begin, begin + 5 * 24 * hour);
  expect(days.every((tick) => new Date(tick).getHours() === 0)).toBe(true);
});
