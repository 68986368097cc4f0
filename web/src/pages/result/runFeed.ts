/**
 * What a run tells while somebody looks: counts of entries, progress, and the entries themselves,
 * which go to the listeners batch by batch. Everything begins with one reading of the result, whose
 * counts belong to its last sequence; the stream goes on from there, so that nothing is counted
 * twice or missed. A stream that brings more than can be shown is left, and the run read anew.
 */
import type { JobResult } from '~/api/queries';
import { isFinal } from '~/live/events';
import {
  LiveRun,
  type Batch,
  type Connection,
  type LiveRunOptions,
  type Progress,
} from './liveRun';
import { countsOf, groupOf, type LevelCounts } from './log/levels';

export interface FeedState {
  counts: LevelCounts;
  consoleCount: number;
  progress: Progress | null;
  connection: Connection;
  /** Changes when the counts were read anew and what came between was not told. */
  epoch: number;
}

const pauseWhenTooMuch = 400;
const pauseAfterFailure = 3_000;

export interface RunFeedOptions {
  /** Reads the result; what it shows elsewhere is refreshed by that as well. */
  read: () => Promise<JobResult>;
  url: (after: number) => string;
  /** For tests. */
  live?: Partial<LiveRunOptions>;
  later?: (callback: () => void, milliseconds: number) => void;
}

export class RunFeed {
  private state: FeedState | null = null;
  private going = false;
  /** Counts the readings, so that an old one that answers late is not taken. */
  private reading = 0;
  private readonly listeners = new Set<() => void>();
  private readonly takers = new Set<(batch: Batch) => void>();
  private readonly live: LiveRun;
  private readonly later: (callback: () => void, milliseconds: number) => void;

  constructor(private readonly options: RunFeedOptions) {
    this.later = options.later ?? ((callback, ms) => void setTimeout(callback, ms));
    this.live = new LiveRun({
      url: options.url,
      onBatch: (batch) => this.take(batch),
      onOverload: () => this.again(pauseWhenTooMuch),
      onConnection: (connection) => this.change({ connection }),
      ...options.live,
    });
  }

  /** Reads the result and follows it until it ends. */
  start(): void {
    this.going = true;
    void this.begin();
  }

  stop(): void {
    this.going = false;
    this.reading += 1;
    this.live.stop();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  snapshot = (): FeedState | null => this.state;

  /** Hears every batch of entries. */
  listen(taker: (batch: Batch) => void): () => void {
    this.takers.add(taker);
    return () => void this.takers.delete(taker);
  }

  private async begin(): Promise<void> {
    this.reading += 1;
    const mine = this.reading;
    let result: JobResult;
    try {
      result = await this.options.read();
    } catch {
      if (mine === this.reading) this.again(pauseAfterFailure);
      return;
    }
    if (mine !== this.reading) return;
    const ended = isFinal(result.status.value);
    this.settle(result, ended ? 'closed' : 'connecting');
    if (!ended) this.live.start(result.last_sequence);
  }

  private settle(result: JobResult, connection: Connection): void {
    this.state = {
      counts: countsOf(result),
      consoleCount: result.console_count,
      progress: result.progress as Progress | null,
      connection,
      epoch: (this.state?.epoch ?? 0) + 1,
    };
    this.tell();
  }

  private again(pause: number): void {
    this.change({ connection: 'waiting' });
    this.later(() => {
      if (this.going) void this.begin();
    }, pause);
  }

  private take(batch: Batch): void {
    if (!this.state) return;
    const counts = { ...this.state.counts };
    for (const entry of batch.logs) counts[groupOf(entry.log_level)] += 1;
    this.change({
      counts,
      consoleCount: this.state.consoleCount + batch.console.length,
      ...(batch.progress ? { progress: batch.progress } : {}),
    });
    this.takers.forEach((taker) => taker(batch));
    const last = batch.statuses.at(-1);
    if (last === undefined) return;
    // The end, and each attempt, changes more of the result than its event tells.
    if (isFinal(last.status as JobResult['status']['value'])) void this.begin();
    else void this.options.read().catch(() => undefined);
  }

  private change(part: Partial<FeedState>): void {
    if (!this.state) return;
    this.state = { ...this.state, ...part };
    this.tell();
  }

  private tell(): void {
    this.listeners.forEach((listener) => listener());
  }
}
