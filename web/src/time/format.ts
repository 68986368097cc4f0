/** Times as people read them: local, with the zone where there is room; durations in two units. */

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** The page is written in English; how a day and an hour are written is the visitor's, if English. */
const locale = navigator.languages.find((one) => one.startsWith('en')) ?? 'en-GB';

/** Made when first needed: each costs a slow machine some hundredths of a second. */
function formatter(options: Intl.DateTimeFormatOptions): (time: Date | number) => string {
  let made: Intl.DateTimeFormat | undefined;
  return (time) => (made ??= new Intl.DateTimeFormat(locale, options)).format(time);
}

const clock = formatter({ timeStyle: 'medium' });
const short = formatter({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const withYear = formatter({ dateStyle: 'medium', timeStyle: 'short' });
const whole = formatter({
  weekday: 'short',
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'longOffset',
});

/** The hour alone, for an axis. */
export const hourText = formatter({ hour: '2-digit', minute: '2-digit' });
export const dayText = formatter({ day: 'numeric', month: 'short' });
export const weekdayText = formatter({ weekday: 'short', day: 'numeric', month: 'short' });

/** With the zone, for a hover. */
export function wholeTime(time: Date): string {
  return `${whole(time)} (${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
}

export function shortTime(time: Date, now: Date): string {
  if (time.toDateString() === now.toDateString()) return clock(time);
  return (time.getFullYear() === now.getFullYear() ? short : withYear)(time);
}

/** "3 min ago", "in 2 h"; beyond a week the date. */
export function relativeTime(time: Date, now: Date): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  const distance = Math.round(Math.abs(seconds));
  if (distance < 5) return 'just now';
  if (distance >= 7 * day) return shortTime(time, now);
  const [unit, name] = largestUnit(distance);
  const text = `${Math.trunc(distance / unit)} ${name}`;
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}

function largestUnit(seconds: number): [seconds: number, name: string] {
  if (seconds < minute) return [1, 's'];
  if (seconds < hour) return [minute, 'min'];
  return seconds < day ? [hour, 'h'] : [day, 'd'];
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
