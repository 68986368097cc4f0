/**
 * Collects what events make stale and has it read anew at most once a second, so that a burst of
 * runs costs the server one reading of each list and not one a run.
 */
import { hashKey, type QueryClient, type QueryKey } from '@tanstack/react-query';

export const pause = 1000;

export class StaleQueries {
  private readonly waiting = new Map<string, QueryKey>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: QueryClient) {}

  add(keys: readonly QueryKey[]): void {
    for (const key of keys) this.waiting.set(hashKey(key), key);
    if (this.timer !== undefined) return; // the next reading takes them along
    this.flush();
    this.timer = this.startPause();
  }

  /** For what may have changed but probably has not: what is under way at the moment goes first. */
  addLater(keys: readonly QueryKey[]): void {
    for (const key of keys) this.waiting.set(hashKey(key), key);
    this.timer ??= this.startPause();
  }

  private startPause(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.timer = undefined;
      if (this.waiting.size > 0) this.add([]);
    }, pause);
  }

  private flush(): void {
    const keys = [...this.waiting.values()];
    this.waiting.clear();
    for (const queryKey of keys) void this.client.invalidateQueries({ queryKey });
  }
}
