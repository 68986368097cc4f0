import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { RunSummary } from '~/api/queries';
import { countText } from '~/components/counts';
import { resultPath } from '~/components/JobName';
import classes from './Home.module.css';

interface RunLineProps {
  run: RunSummary;
  /** On the right: a time. */
  end: ReactNode;
  children?: ReactNode;
}

/** A run in a list of the home page; its name opens the result. */
export function RunLine({ run, end, children }: RunLineProps) {
  const by = run.user === null ? '' : `by ${run.user}`;
  return (
    <li className={classes.item}>
      <div className={classes.line}>
        <Link href={resultPath(run.id)} className="quiet-link" style={{ fontWeight: 560 }}>
          {run.name}
        </Link>
        <span className={classes.end}>
          {by} {end}
        </span>
      </div>
      {children}
    </li>
  );
}

/** Below a list that shows only the first of many. */
export function AndMore({ shown, count, path }: { shown: number; count: number; path: string }) {
  if (count <= shown) return null;
  return (
    <li className={classes.item}>
      <Link href={path}>All {countText(count)}</Link>
    </li>
  );
}
