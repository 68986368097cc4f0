import { lazy, Suspense, useState } from 'react';
import { relativeTime, shortTime } from '~/time/format';
import { useAtClock } from '~/time/now';

const TimeTooltip = lazy(() => import('~/parts/TimeTooltip'));

interface TimestampProps {
  value: string | null;
  absolute?: boolean;
  /** What stands there while there is no time. */
  none?: string;
}

/**
 * A local time: relative, or absolute; the whole one with its zone on hover. The tooltip is made when somebody comes near: a
 * list of hundreds of times shows at once.
 */
export function Timestamp({ value, absolute = false, none = '–' }: TimestampProps) {
  const text = useAtClock((now) => {
    if (value === null) return '';
    return absolute ? shortTime(new Date(value), now) : relativeTime(new Date(value), now);
  });
  const [isNear, setNear] = useState(false);
  if (value === null) return <span className="dimmed">{none}</span>;
  const time = (
    <time dateTime={value} className="one-line" onMouseEnter={() => setNear(true)}>
      {text}
    </time>
  );
  if (!isNear) return time;
  return (
    <Suspense fallback={time}>
      <TimeTooltip value={value}>{time}</TimeTooltip>
    </Suspense>
  );
}
