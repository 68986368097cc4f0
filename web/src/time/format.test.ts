import { expect, test } from 'vitest';
import { durationText, relativeTime, secondsBetween, shortTime, wholeTime } from './format';

const now = new Date('2026-11-24T12:00:00Z');
const before = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test.each([
  [0.0004, '0 ms'],
  [0.84, '840 ms'],
  [9.94, '9.9 s'],
  [12.9, '12 s'],
  [60, '1 min'],
  [245, '4 min 5 s'],
  [7620, '2 h 7 min'],
  [86_400 * 3 + 3600 * 4, '3 d 4 h'],
  [-5, '0 ms'],
])('%d seconds are "%s"', (seconds, text) => {
  expect(durationText(seconds)).toBe(text);
});

test('relative times choose their unit, and give way to the date after a week', () => {
  expect(relativeTime(before(2), now)).toBe('just now');
  expect(relativeTime(before(40), now)).toBe('40 s ago');
  expect(relativeTime(before(180), now)).toBe('3 min ago');
  expect(relativeTime(before(-7200), now)).toBe('in 2 h');
  expect(relativeTime(before(86_400), now)).toBe('1 d ago');
  expect(relativeTime(before(86_400 * 20), now)).toBe(shortTime(before(86_400 * 20), now));
});

test('a time of today is a clock time, of another year has its year', () => {
  expect(shortTime(before(60), now)).toMatch(/59/);
  expect(shortTime(new Date('2024-05-01T12:00:00Z'), now)).toMatch(/2024/);
  expect(shortTime(new Date('2026-05-01T12:00:00Z'), now)).not.toMatch(/2026/);
});

test('the whole time is local and names its zone', () => {
  const text = wholeTime(now);
  expect(text).toContain('GMT+01:00');
  expect(text).toContain('Europe/Berlin');
  expect(text).toMatch(/1(3|:)/);
});

test('seconds between are none before the start, and count to now while it lasts', () => {
  expect(secondsBetween(null, null, now)).toBeNull();
  expect(secondsBetween(before(90).toISOString(), null, now)).toBe(90);
  expect(secondsBetween(before(90).toISOString(), before(60).toISOString(), now)).toBe(30);
  expect(secondsBetween(before(-5).toISOString(), null, now)).toBe(0); // clocks that differ
});
