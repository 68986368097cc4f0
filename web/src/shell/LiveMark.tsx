import { Group, Text, Tooltip } from '@mantine/core';
import { IconBolt, IconBoltOff } from '@tabler/icons-react';
import { useLiveState } from '~/live/hooks';

/** Says whether what is shown follows the server; silent while a first connection is made. */
export function LiveMark() {
  const state = useLiveState();
  const broken = state === 'waiting';
  return (
    <div role="status" style={{ minWidth: 22, display: 'flex' }}>
      {broken && (
        <Tooltip label="The connection is interrupted; it is being made anew. What you see may be old.">
          <Group gap={4} wrap="nowrap" c="var(--status-retry)">
            <IconBoltOff size={16} aria-hidden />
            <Text size="xs" visibleFrom="xs">
              Reconnecting
            </Text>
          </Group>
        </Tooltip>
      )}
      {state === 'live' && (
        <span title="Live: changes show by themselves" style={{ display: 'flex' }}>
          <IconBolt size={16} color="var(--status-success)" aria-label="Live" />
        </span>
      )}
    </div>
  );
}
