import { IconBolt, IconBoltOff } from '@tabler/icons-react';
import { useLiveState } from '~/live/hooks';
import classes from './Shell.module.css';

/** Says whether what is shown follows the server; silent while a first connection is made. */
export function LiveMark() {
  const state = useLiveState();
  const broken = state === 'waiting';
  return (
    <div role="status" style={{ minWidth: 22, display: 'flex' }}>
      {broken && (
        <span
          className={classes.broken}
          title="The connection is interrupted; it is being made anew. What you see may be old."
        >
          <IconBoltOff size={16} aria-hidden />
          Reconnecting
        </span>
      )}
      {state === 'live' && (
        <span title="Live: changes show by themselves" style={{ display: 'flex' }}>
          <IconBolt size={16} color="var(--status-success)" aria-label="Live" />
        </span>
      )}
    </div>
  );
}
