import { lookOf } from './status';
import classes from './StatusBadge.module.css';

/** A status: icon and word in its colour. */
export function StatusBadge({ status }: { status: string }) {
  const look = lookOf(status);
  return (
    <span
      className={classes.badge}
      style={{ color: look.color, backgroundColor: look.ground }}
      data-status={status}
    >
      <look.icon
        size={14}
        stroke={2.1}
        aria-hidden
        className={status === 'STARTED' ? 'turning' : undefined}
      />
      {look.word}
    </span>
  );
}
