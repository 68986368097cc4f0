/** Where the bars of a timeline are: runs of a worker that overlap in time lie in lanes. */
import type { Schemas } from '~/api/client';

export type TimelineWorker = Schemas['Timeline']['workers'][number];
export type TimelineRun = TimelineWorker['runs'][number];

export interface Bar {
  run: TimelineRun;
  lane: number;
  /** Percent of the window. */
  left: number;
  width: number;
}

export function barsOf(runs: readonly TimelineRun[], begin: number, end: number): Bar[] {
  const laneEnds: number[] = [];
  const share = 100 / (end - begin);
  return runs
    .map((run) => ({
      run,
      from: Date.parse(run.date_started),
      until: run.date_done === null ? end : Date.parse(run.date_done),
    }))
    .filter(({ from, until }) => until >= begin && from <= end)
    .sort((a, b) => a.from - b.from)
    .map(({ run, from, until }) => {
      const free = laneEnds.findIndex((busyUntil) => busyUntil <= from);
      const lane = free < 0 ? laneEnds.length : free;
      laneEnds[lane] = until;
      const left = (Math.max(from, begin) - begin) * share;
      return { run, lane, left, width: (Math.min(until, end) - begin) * share - left };
    });
}

const minute = 60_000;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10_080].map(
  (minutes) => minutes * minute,
);

/** Round local times between begin and end, eight at most. */
export function ticksOf(begin: number, end: number): number[] {
  const step = steps.find((one) => (end - begin) / one <= 8) ?? (end - begin) / 8;
  // Whole steps of the local day, not of UTC's.
  const offset = new Date(begin).getTimezoneOffset() * minute;
  const first = Math.ceil((begin - offset) / step) * step + offset;
  const ticks: number[] = [];
  for (let tick = first; tick <= end; tick += step) ticks.push(tick);
  return ticks;
}
