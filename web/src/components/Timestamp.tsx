import { Text, Tooltip } from '@mantine/core';
import { relativeTime, shortTime, wholeTime } from '~/time/format';
import { useNow } from '~/time/now';

interface TimestampProps {
  value: string | null;
  absolute?: boolean;
  /** What stands there while there is no time. */
  none?: string;
}

/** A local time: relative, or absolute; the whole one with its zone on hover. */
export function Timestamp({ value, absolute = false, none = '–' }: TimestampProps) {
  const now = useNow();
  if (value === null)
    return (
      <Text component="span" inherit c="dimmed">
        {none}
      </Text>
    );
  const time = new Date(value);
  return (
    <Tooltip label={wholeTime(time)}>
      <time dateTime={value} style={{ whiteSpace: 'nowrap' }}>
        {absolute ? shortTime(time, now) : relativeTime(time, now)}
      </time>
    </Tooltip>
  );
}
