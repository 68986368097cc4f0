import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './ErrorState';

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  /** What a failure says: "The jobs cannot be shown". */
  failure: string;
  /** Of the size of what will come, so that nothing jumps. */
  skeleton: ReactNode;
  children: (data: T) => ReactNode;
}

/** A query's three faces: skeleton, failure with a way on, and data (also while it is read anew). */
export function Loaded<T>({ query, failure, skeleton, children }: LoadedProps<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) {
    return <ErrorState error={query.error} title={failure} retry={() => void query.refetch()} />;
  }
  return <div aria-busy="true">{skeleton}</div>;
}
