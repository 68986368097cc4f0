import { Alert, Tooltip } from '@mantine/core';
import { IconChartGridDots } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useLayoutEffect, useRef } from 'react';
import { Link } from 'wouter';
import { api, orThrow } from '~/api/client';
import { keys } from '~/api/queries';
import { EmptyState } from '~/components/EmptyState';
import { Skeleton } from '~/components/Skeleton';
import { resultPath } from '~/components/JobName';
import { Loaded } from '~/components/Loaded';
import { Panel } from '~/components/Panel';
import { lookOf } from '~/components/status';
import { dayText, durationText, hourText, secondsBetween, shortTime } from '~/time/format';
import { useSteps } from '~/time/now';
import { periods, rangeOf } from './filters';
import { barsOf, ticksOf, type TimelineRun, type TimelineWorker } from './lanes';
import classes from './TimelineView.module.css';
import type { FilterState } from './useFilters';

const laneHeight = 22;

/** Which worker ran what, when. */
export default function TimelineView({ state }: { state: FilterState }) {
  const now = useSteps(10);
  const range = rangeOf(state.filters, now);
  const end = range.end ?? now;
  // By the minute, as the period's begin is; what began since is told by an event and asked for.
  const minute = Math.floor(end.getTime() / 60_000) * 60_000;
  const begin = range.begin ?? new Date(minute - periods['6h'] * 1000);
  const after = begin.toISOString();
  const before = (range.end ?? new Date(minute + 60_000)).toISOString();
  const timeline = useQuery({
    queryKey: [...keys.timeline, after, before],
    queryFn: ({ signal }) => {
      const query = { after, before };
      return orThrow(api.GET('/api/extras/job-results/timeline/', { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });
  return (
    <Loaded
      query={timeline}
      failure="The timeline cannot be shown"
      skeleton={<Skeleton height={280} />}
    >
      {({ workers, truncated }) => (
        <Panel flush>
          {truncated && (
            <Alert color="yellow" m="sm">
              There are more runs than are drawn here. Choose a shorter period.
            </Alert>
          )}
          {workers.length === 0 ? (
            <EmptyState icon={IconChartGridDots} title="Nothing ran in this time">
              Choose a longer period.
            </EmptyState>
          ) : (
            <Chart
              workers={workers}
              begin={begin.getTime()}
              end={end.getTime() + (range.end === null ? margin(begin, end) : 0)}
              now={now}
            />
          )}
        </Panel>
      )}
    </Loaded>
  );
}

/** Room behind what runs now, in milliseconds: else it would stand at the very edge. */
function margin(begin: Date, end: Date): number {
  return 0.03 * (end.getTime() - begin.getTime());
}

interface ChartProps {
  workers: readonly TimelineWorker[];
  begin: number;
  end: number;
  now: Date;
}

function Chart({ workers, begin, end, now }: ChartProps) {
  const chart = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // Where it is wider than the window, the newest is what one looks for.
    const box = chart.current?.parentElement;
    if (box) box.scrollLeft = box.scrollWidth;
  }, []);
  if (end <= begin) return null;
  const place = (time: number) => `${(100 * (time - begin)) / (end - begin)}%`;
  const ticks = ticksOf(begin, end);
  return (
    <div className={classes.chart} ref={chart}>
      <div className={classes.row} aria-hidden>
        <div className={classes.worker} />
        <div className={classes.axis}>
          {ticks.map((tick) => (
            <span key={tick} style={{ left: place(tick) }}>
              {tickText(tick, end - begin)}
            </span>
          ))}
        </div>
      </div>
      {workers.map(({ worker, runs }) => {
        const bars = barsOf(runs, begin, end);
        const lanes = Math.max(1, ...bars.map(({ lane }) => lane + 1));
        return (
          <div key={worker} className={classes.row}>
            <div className={classes.worker} title={worker}>
              {worker}
            </div>
            <ul
              className={classes.lanes}
              style={{ minHeight: lanes * laneHeight + 16 }}
              aria-label={`Runs of ${worker}`}
            >
              {ticks.map((tick) => (
                <li key={tick} className={classes.line} style={{ left: place(tick) }} aria-hidden />
              ))}
              {bars.map(({ run, lane, left, width }) => (
                <li
                  key={run.id}
                  className={classes.bar}
                  style={{ left: `${left}%`, width: `${width}%`, top: lane * laneHeight + 9 }}
                >
                  <Tooltip label={textOf(run, now)}>
                    <Link
                      href={resultPath(run.id)}
                      style={{
                        backgroundColor: lookOf(run.status).ground,
                        color: lookOf(run.status).color,
                      }}
                      aria-label={textOf(run, now)}
                    >
                      {run.name}
                    </Link>
                  </Tooltip>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </div>
  );
}

function textOf(run: TimelineRun, now: Date): string {
  const seconds = secondsBetween(run.date_started, run.date_done, now) ?? 0;
  const began = shortTime(new Date(run.date_started), now);
  return `${run.name}: ${lookOf(run.status).word.toLowerCase()}, ${began}, ${durationText(seconds)}`;
}

function tickText(tick: number, span: number): string {
  return (span > 3 * 86_400_000 ? dayText : hourText)(tick);
}
