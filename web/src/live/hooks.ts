import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { live, type LiveState } from './connection';
import { staleAfter, staleAfterReset, type StatusEvent } from './events';
import { StaleQueries } from './staleQueries';

/** Keeps the page's connection and its queries fresh. Once, in the shell. */
export function useLiveQueries(): void {
  const client = useQueryClient();
  useEffect(() => {
    const stale = new StaleQueries(client);
    const unlisten = live.listen({
      status: (event) => stale.add(staleAfter(event)),
      reset: () => stale.addLater(staleAfterReset),
    });
    live.start();
    return () => {
      unlisten();
      live.stop();
    };
  }, [client]);
}

/** Hears each status change, while the component is there. */
export function useStatusEvents(heard: (event: StatusEvent) => void): void {
  const tell = useEffectEvent(heard);
  useEffect(() => live.listen({ status: (event) => tell(event) }), []);
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (changed) => live.listen({ state: changed }),
    () => live.state,
  );
}
