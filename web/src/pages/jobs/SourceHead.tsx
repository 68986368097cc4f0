import { lazy, Suspense } from 'react';
import { JobSourceName } from '~/components/JobSourceName';
import classes from './Jobs.module.css';
import type { Source } from './queries';

const SourceTroubles = lazy(() => import('./SourceTroubles'));

interface SourceHeadProps {
  name: string;
  source: Source | undefined;
  /** Whether the name is shown: with one source alone it says nothing. */
  named: boolean;
}

/** The head of a source: its name, and its troubles. */
export function SourceHead({ name, source, named }: SourceHeadProps) {
  const isAiling = source !== undefined && source.errors.length + source.warnings.length > 0;
  return (
    <>
      {named && (
        <div className={classes.source}>
          <h2>
            <JobSourceName source={name} />
          </h2>
          <span className={classes.where}>
            {source?.path} {source?.version.slice(0, 10)}
          </span>
        </div>
      )}
      {isAiling && (
        <Suspense>
          <SourceTroubles source={source} />
        </Suspense>
      )}
    </>
  );
}
