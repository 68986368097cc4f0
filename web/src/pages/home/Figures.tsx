import { IconCircleX, IconClock, IconCpu, IconLoader2, type Icon } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { Summary } from '~/api/queries';
import { countText } from '~/components/counts';
import classes from './Home.module.css';

interface Figure {
  name: string;
  value: string;
  icon: Icon;
  color?: string | undefined;
  path: string;
}

function figuresOf(summary: Summary): Figure[] {
  const slots = summary.workers.reduce((sum, worker) => sum + worker.slots, 0);
  const busy = summary.workers.reduce((sum, worker) => sum + worker.running, 0);
  const { running_count, waiting_count, failure_count } = summary;
  return [
    {
      name: 'Running now',
      value: countText(running_count),
      icon: IconLoader2,
      color: running_count > 0 ? 'var(--status-started)' : undefined,
      path: '/results?status=STARTED',
    },
    {
      name: 'Waiting',
      value: countText(waiting_count),
      icon: IconClock,
      path: '/results?status=PENDING&status=RETRY',
    },
    {
      name: 'Failed in 24 hours',
      value: countText(failure_count),
      icon: IconCircleX,
      color: failure_count > 0 ? 'var(--status-failure)' : undefined,
      path: '/results?status=FAILURE&period=1d',
    },
    {
      name: 'Slots in use',
      value: slots === 0 ? 'none' : `${busy} of ${slots}`,
      icon: IconCpu,
      color: slots === 0 ? 'var(--status-failure)' : undefined,
      path: '/workers',
    },
  ];
}

/** The four figures at the top; each leads to what it counts. */
export function Figures({ summary }: { summary: Summary }) {
  return (
    <div className={classes.figures}>
      {figuresOf(summary).map(({ name, value, icon: IconOf, color, path }) => (
        <Link key={name} href={path} className={classes.figure}>
          <span className={classes.figureName}>
            <IconOf size={15} aria-hidden />
            {name}
          </span>
          <div className={classes.figureValue} style={{ color }}>
            {value}
          </div>
        </Link>
      ))}
    </div>
  );
}
