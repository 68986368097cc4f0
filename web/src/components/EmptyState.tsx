import type { Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './EmptyState.module.css';

interface EmptyStateProps {
  icon: Icon;
  title: string;
  /** What to do next. */
  children: ReactNode;
}

/** Says that there is nothing, and what to do about it. */
export function EmptyState({ icon: IconOf, title, children }: EmptyStateProps) {
  return (
    <div className={classes.empty}>
      <span className={classes.icon}>
        <IconOf size={24} stroke={1.6} aria-hidden />
      </span>
      <h2 className={classes.title}>{title}</h2>
      <div className={classes.next}>{children}</div>
    </div>
  );
}
