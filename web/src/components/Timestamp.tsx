import { Text, Tooltip } from '@mantine/core';
import { relativeTime, shortTime, wholeTime } from '~/time/format';
import { useAtClock } from '~/time/now';

interface TimestampProps {
  value: string | null;
  absolute?: boolean;
  /** What stands there while there is no time. */
  none?: string;
}

/** A local time: relative, or absolute; the whole one with its zone on hover. */
export function Timestamp({ value, absolute = false, none = '–' }: TimestampProps) {
  const text = useAtClock((now) => {
    if (value === null) return '';
    return absolute ? shortTime(new Date(value), now) : relativeTime(new Date(value), now);
  });
  if (value === null)
    return (
      <Text component="span" inherit c="dimmed">
        {none}
      </Text>
    );
  return (
    <Tooltip label={wholeTime(new Date(value))}>
      <time dateTime={value} style={{ whiteSpace: 'nowrap' }}>
        {text}
      </time>
    </Tooltip>
  );
}
