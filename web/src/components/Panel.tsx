import { useId, type ReactNode } from 'react';
import classes from './Panel.module.css';

interface PanelProps {
  title?: string;
  /** Beside the title, on the right. */
  aside?: ReactNode;
  /** Without inner space, for tables and lists that reach the edges. */
  flush?: boolean;
  children: ReactNode;
  className?: string;
}

/** A part of a page on its own ground. */
export function Panel({ title, aside, flush = false, children, className = '' }: PanelProps) {
  const id = useId();
  return (
    <section
      className={`${classes.panel} ${className}`}
      aria-labelledby={title === undefined ? undefined : id}
    >
      {title !== undefined && (
        <div className={classes.head}>
          <h2 id={id} className={classes.title}>
            {title}
          </h2>
          {aside}
        </div>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  );
}
