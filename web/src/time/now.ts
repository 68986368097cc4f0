/** One clock for the page: every relative time moves with it, with one timer and not one each. */
import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let now = new Date();
let timer: ReturnType<typeof setInterval> | undefined;

function listen(changed: () => void): () => void {
  if (listeners.size === 0) {
    now = new Date();
    timer = setInterval(() => {
      now = new Date();
      listeners.forEach((one) => one());
    }, 1000);
  }
  listeners.add(changed);
  return () => {
    listeners.delete(changed);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** What `read` makes of the time; renders anew only when that has changed. */
export function useAtClock<T extends string | number | null>(read: (now: Date) => T): T {
  return useSyncExternalStore(listen, () => read(now));
}

/** The time in steps of so many seconds: for what is large, or asked of the server. */
export function useSteps(seconds: number): Date {
  const step = seconds * 1000;
  return new Date(useAtClock((time) => Math.floor(time.getTime() / step) * step));
}
