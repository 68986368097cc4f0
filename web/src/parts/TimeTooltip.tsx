import { Tooltip } from '@mantine/core';
import type { ReactElement } from 'react';
import { wholeTime } from '~/time/format';

/** The whole time, with its zone, over one that is short. */
export default function TimeTooltip({
  value,
  children,
}: {
  value: string;
  children: ReactElement;
}) {
  return (
    <Tooltip label={wholeTime(new Date(value))} defaultOpened>
      {children}
    </Tooltip>
  );
}
