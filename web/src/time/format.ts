/** Times as people read them: local, with the zone where there is room; durations in two units. */

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** The page is written in English; how a day and an hour are written is the visitor's, if English. */
const locale = navigator.languages.find((one) => one.startsWith('en')) ?? 'en-GB';

const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'medium' });
const short = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const withYear = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
const whole = new Intl.DateTimeFormat(locale, {
  weekday: 'short',
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'longOffset',
});
const hours = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const days = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const weekdays = new Intl.DateTimeFormat(locale, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
});
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });

/** With the zone, for a hover. */
export function wholeTime(time: Date): string {
  return `${whole.format(time)} (${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
}

export function shortTime(time: Date, now: Date): string {
  if (time.toDateString() === now.toDateString()) return clock.format(time);
  return (time.getFullYear() === now.getFullYear() ? short : withYear).format(time);
}

/** The hour alone, for an axis. */
export function hourText(time: number): string {
  return hours.format(time);
}

export function dayText(time: number): string {
  return days.format(time);
}

/** With the weekday. */
export function weekdayText(time: Date): string {
  return weekdays.format(time);
}

/** "3 min ago", "in 2 hr."; beyond a week the date. */
export function relativeTime(time: Date, now: Date): string {
  const seconds = Math.round((time.getTime() - now.getTime()) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 5) return 'just now';
  if (distance < minute) return relative.format(seconds, 'second');
  if (distance < hour) return relative.format(Math.trunc(seconds / minute), 'minute');
  if (distance < day) return relative.format(Math.trunc(seconds / hour), 'hour');
  if (distance < 7 * day) return relative.format(Math.trunc(seconds / day), 'day');
  return shortTime(time, now);
}

/** "840 ms", "12.3 s", "4 min 5 s", "2 h 7 min", "3 d 4 h". */
export function durationText(seconds: number): string {
  if (seconds < 0) return durationText(0);
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < minute) return `${Math.floor(seconds)} s`;
  if (seconds < hour) return twoUnits(seconds, minute, 'min', 1, 's');
  if (seconds < day) return twoUnits(seconds, hour, 'h', minute, 'min');
  return twoUnits(seconds, day, 'd', hour, 'h');
}

function twoUnits(seconds: number, large: number, name: string, small: number, rest: string) {
  const left = Math.floor((seconds % large) / small);
  const begin = `${Math.floor(seconds / large)} ${name}`;
  return left === 0 ? begin : `${begin} ${left} ${rest}`;
}

/** Seconds from start to end; to now while it lasts; null before it began. */
export function secondsBetween(
  started: string | null,
  done: string | null,
  now: Date,
): number | null {
  if (started === null) return null;
  const end = done === null ? now.getTime() : Date.parse(done);
  return Math.max(0, (end - Date.parse(started)) / 1000);
}
