/** What a run's event stream says. Members of events are those of the REST interface. */
export interface LogEvent {
  sequence: number;
  attempt: number;
  created: string;
  log_level: string;
  grouping: string;
  message: string;
  log_object: string;
  absolute_url: string;
  message_html?: string;
}
export interface ConsoleEvent {
  sequence: number;
  attempt: number;
  created: string;
  output_type: string;
  text: string;
}
export interface Progress {
  done: number | null;
  total: number | null;
  message: string;
}
export interface StatusEvent {
  sequence: number;
  attempt: number;
  created: string;
  status: string;
  reason: string;
}

/** What came since the last batch. */
export interface Batch {
  logs: LogEvent[];
  console: ConsoleEvent[];
  progress: Progress | null;
  statuses: StatusEvent[];
}

export type Connection = 'connecting' | 'live' | 'waiting' | 'closed';

export interface LiveRunOptions {
  /** The stream's address for events after a sequence. */
  url: (after: number) => string;
  onBatch: (batch: Batch) => void;
  /** Too much came to show all of it: read the run anew and call `start` with its last sequence. */
  onOverload: () => void;
  onConnection: (state: Connection) => void;
  /** For tests. */
  connect?: (url: string) => EventSource;
  frame?: (callback: () => void) => void;
  now?: () => number;
  later?: (callback: () => void, milliseconds: number) => void;
}

/** Entries a second that a browser can take one by one and still answer its user. */
const mostEventsASecond = 3_000;
/** Fifteen batches a second look smooth and leave time for everything else. */
const pauseOfBatches = 50;
const pauseBeforeAgain = 2_000;
const finalStatuses = ['SUCCESS', 'FAILURE', 'REVOKED'];

const emptyBatch = (): Batch => ({ logs: [], console: [], progress: null, statuses: [] });

/**
 * Follows one run's event stream and hands on what came, in one batch a frame and
 * fifteen a second at most. The browser takes a
 * stream that was cut up again where it was; where it gave up, this opens another after the last
 * event. Ends by itself after the final status.
 */
export class LiveRun {
  private source: EventSource | null = null;
  private after = 0;
  private batch = emptyBatch();
  private framed = false;
  private second = 0;
  private events = 0;
  private readonly options: Required<LiveRunOptions>;

  constructor(options: LiveRunOptions) {
    this.options = {
      connect: (url) => new EventSource(url),
      frame: (callback) => void setTimeout(() => requestAnimationFrame(callback), pauseOfBatches),
      now: () => performance.now(),
      later: (callback, milliseconds) => void setTimeout(callback, milliseconds),
      ...options,
    };
  }

  /** Follows the events after this sequence. */
  start(after: number): void {
    this.stop();
    this.after = after;
    this.second = this.options.now();
    this.events = 0;
    this.open();
  }

  stop(): void {
    this.source?.close();
    this.source = null;
    this.batch = emptyBatch();
  }

  private open(): void {
    this.options.onConnection('connecting');
    const source = this.options.connect(this.options.url(this.after));
    this.source = source;
    source.onopen = () => this.options.onConnection('live');
    source.onerror = () => this.failed(source);
    for (const kind of ['log', 'console', 'progress', 'status'] as const) {
      source.addEventListener(kind, (event) => this.take(source, kind, event as MessageEvent));
    }
  }

  private failed(source: EventSource): void {
    if (source !== this.source) return;
    this.options.onConnection('waiting');
    if (source.readyState !== 2 /* CLOSED: the browser does not come back by itself */) return;
    this.options.later(() => {
      if (source === this.source) this.open();
    }, pauseBeforeAgain);
  }

  private take(source: EventSource, kind: string, event: MessageEvent): void {
    if (source !== this.source) return;
    const data = JSON.parse(event.data as string);
    this.after = data.sequence;
    if (kind === 'log') this.batch.logs.push(data);
    else if (kind === 'console') this.batch.console.push(data);
    else if (kind === 'progress') this.batch.progress = data;
    else this.batch.statuses.push(data);
    if (kind === 'status' && finalStatuses.includes(data.status)) {
      this.source.close();
      this.source = null;
      this.options.onConnection('closed');
    } else if (this.tooMany()) {
      this.stop();
      this.options.onOverload();
      return;
    }
    this.handOn();
  }

  private tooMany(): boolean {
    const now = this.options.now();
    if (now - this.second > 1000) {
      this.second = now;
      this.events = 0;
    }
    this.events += 1;
    return this.events > mostEventsASecond;
  }

  private handOn(): void {
    if (this.framed) return;
    this.framed = true;
    this.options.frame(() => {
      this.framed = false;
      const batch = this.batch;
      this.batch = emptyBatch();
      this.options.onBatch(batch);
    });
  }
}
