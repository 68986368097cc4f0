import { Group, Tooltip, VisuallyHidden } from '@mantine/core';
import type { CSSProperties } from 'react';
import type { Summary } from '~/api/queries';
import { countText } from '~/components/counts';
import { Panel } from '~/components/Panel';
import { statusLooks } from '~/components/status';
import { weekdayText } from '~/time/format';
import classes from './Home.module.css';

type Day = Summary['days'][number];

const parts = [
  { status: 'SUCCESS', color: 'var(--chart-success)' },
  { status: 'FAILURE', color: 'var(--chart-failure)' },
  { status: 'REVOKED', color: 'var(--chart-revoked)' },
] as const;

// Without a zone a date would be midnight in UTC, which is the day before in half of the world.
const dateOf = (day: Day) => new Date(`${day.date}T12:00:00`);

function textOf(day: Day): string {
  const figures = parts.map(
    ({ status }) => `${countText(day[status])} ${statusLooks[status].word.toLowerCase()}`,
  );
  return `${weekdayText(dateOf(day))}: ${figures.join(', ')}`;
}

/** Runs a day by how they ended, as bars; the same as text for who does not see them. */
export function DaysPanel({ days }: { days: readonly Day[] }) {
  const highest = Math.max(1, ...days.map((day) => day.SUCCESS + day.FAILURE + day.REVOKED));
  const legend = parts.map(({ status, color }) => (
    <span key={status} className={classes.legend} style={{ '--colour': color } as CSSProperties}>
      {statusLooks[status].word}
    </span>
  ));
  return (
    <Panel title="Runs a day" aside={<Group gap="sm">{legend}</Group>}>
      <div className={classes.chart} aria-hidden>
        {days.map((day) => (
          <Tooltip key={day.date} label={textOf(day)}>
            <div className={classes.bar}>
              {parts.map(({ status, color }) =>
                day[status] === 0 ? null : (
                  <span
                    key={status}
                    style={{
                      height: `max(3px, ${(100 * day[status]) / highest}%)`,
                      background: color,
                    }}
                  />
                ),
              )}
            </div>
          </Tooltip>
        ))}
      </div>
      <div className={classes.days} aria-hidden>
        {days.map((day) => (
          <span key={day.date}>{dateOf(day).getDate()}</span>
        ))}
      </div>
      <VisuallyHidden component="ul">
        {days.map((day) => (
          <li key={day.date}>{textOf(day)}</li>
        ))}
      </VisuallyHidden>
    </Panel>
  );
}
