/**
 * The one event stream of a page. The browser comes back by itself after a broken connection; after
 * a refusal it gives up, so then we try again, later each time. Subscribers hear parsed events.
 */
import { parseStatusEvent, type StatusEvent } from './events';

export type LiveState = 'connecting' | 'live' | 'waiting';

interface Listener {
  status?: (event: StatusEvent) => void;
  reset?: () => void;
  state?: (state: LiveState) => void;
}

export const firstDelay = 1000;
export const longestDelay = 30_000;

export class LiveConnection {
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private delay = firstDelay;
  private readonly listeners = new Set<Listener>();
  private state_: LiveState = 'connecting';

  constructor(private readonly url: string) {}

  get state(): LiveState {
    return this.state_;
  }

  start(): void {
    if (this.source !== null) return;
    clearTimeout(this.timer);
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener('open', () => {
      this.delay = firstDelay;
      this.enter('live');
    });
    source.addEventListener('reset', () => this.listeners.forEach((one) => one.reset?.()));
    source.addEventListener('status', (message) => {
      const event = parseStatusEvent((message as MessageEvent<string>).data);
      if (event !== null) this.listeners.forEach((one) => one.status?.(event));
    });
    source.addEventListener('error', () => this.failed(source));
  }

  stop(): void {
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
    this.enter('connecting');
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  private failed(source: EventSource): void {
    if (source !== this.source) return;
    this.enter('waiting');
    if (source.readyState !== EventSource.CLOSED) return; // the browser tries again
    this.source = null;
    this.timer = setTimeout(() => this.start(), this.delay);
    this.delay = Math.min(this.delay * 2, longestDelay);
  }

  private enter(state: LiveState): void {
    if (state === this.state_) return;
    this.state_ = state;
    this.listeners.forEach((one) => one.state?.(state));
  }
}

export const live = new LiveConnection('/api/extras/events/');
