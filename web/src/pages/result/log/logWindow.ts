/** What the window knows of an entry: its place in the run's one sequence of events. */
export interface Sequenced {
  sequence: number;
}

/** Reads `limit` rows from `offset` on; fewer only at the end. Rejects when the signal aborts. */
export type LoadPage<E> = (offset: number, limit: number, signal: AbortSignal) => Promise<E[]>;

export interface WindowOptions {
  pageSize?: number;
  /** Pages kept at most: what bounds the memory of a log of any length. */
  keptPages?: number;
}

/**
 * The rows of a log, read page by page where somebody looks, and added to while the run goes on.
 * `count` is how many rows there are; while `open`, there may be more and the end is looked for.
 * Listeners are told of every change; `version` changes with each.
 */
export class LogWindow<E extends Sequenced> {
  readonly pageSize: number;
  count = 0;
  open = false;
  /** Whether anything was said about how many rows there are, or is looked for. */
  known = false;
  /** Why a page could not be read; nothing is read again before `retry`. */
  failure: unknown = null;
  version = 0;

  private readonly keptPages: number;
  /** The latest entry that is among the rows: what comes live may have been read already. */
  private latest = 0;
  /** How many rows the last reading of a page brought, where that were fewer than there should be. */
  private readonly short = new Map<number, number>();
  /** In order of use, the latest last. */
  private readonly pages = new Map<number, E[]>();
  private readonly loading = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly load: LoadPage<E>,
    options: WindowOptions = {},
  ) {
    this.pageSize = options.pageSize ?? 500;
    this.keptPages = options.keptPages ?? 60;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** A row that is at hand, else undefined. */
  row(index: number): E | undefined {
    return this.pages.get(Math.floor(index / this.pageSize))?.[index % this.pageSize];
  }

  /** Says which rows are looked at: missing ones are read, other reading is given up. */
  want(first: number, last: number): void {
    const end = Math.min(last, this.count - 1);
    const from = Math.floor(Math.max(0, first) / this.pageSize);
    const to = Math.floor(Math.max(this.open ? last : end, 0) / this.pageSize);
    for (const [page, controller] of this.loading) {
      if (page >= from && page <= to) continue;
      controller.abort();
      this.loading.delete(page);
    }
    for (let page = from; page <= to; page += 1) {
      this.touch(page);
      if (this.lacks(page)) void this.read(page);
    }
    this.drop(from, to);
  }

  /** There are so many rows, and no others until some are added. */
  settle(count: number): void {
    if (this.known && this.count === count && !this.open) return;
    this.known = true;
    this.count = count;
    this.open = false;
    this.changed();
  }

  /** There may be more rows than are known. */
  reopen(): void {
    if (this.open) return;
    this.known = true;
    this.open = true;
    this.changed();
  }

  /** Rows that came to be behind the last one; those that were read meanwhile are passed over. */
  append(entries: E[]): void {
    const before = this.count;
    for (const entry of entries) {
      if (entry.sequence <= this.latest) continue;
      this.latest = entry.sequence;
      const place = this.count % this.pageSize;
      const number = Math.floor(this.count / this.pageSize);
      if (place === 0 && !this.pages.has(number)) this.pages.set(number, []);
      const page = this.pages.get(number);
      // A page that was not read up to here stays as it is and is read when it is looked at.
      if (page && page.length === place) page.push(entry);
      this.count += 1;
    }
    if (this.count === before) return;
    const last = Math.floor((this.count - 1) / this.pageSize);
    this.drop(last, last);
    this.changed();
  }

  retry(): void {
    this.failure = null;
    this.changed();
  }

  /** Gives up all reading. */
  close(): void {
    for (const controller of this.loading.values()) controller.abort();
    this.listeners.clear();
  }

  private lacks(page: number): boolean {
    if (this.failure !== null || this.loading.has(page)) return false;
    const have = this.pages.get(page)?.length ?? 0;
    return this.lacksRows(page) || (this.open && have < this.pageSize);
  }

  private lacksRows(page: number): boolean {
    const known = Math.min(this.pageSize, this.count - page * this.pageSize);
    return (this.pages.get(page)?.length ?? 0) < known;
  }

  private async read(page: number): Promise<void> {
    const controller = new AbortController();
    this.loading.set(page, controller);
    const offset = page * this.pageSize;
    try {
      const rows = await this.load(offset, this.pageSize, controller.signal);
      if (controller.signal.aborted) return;
      this.keep(page, rows);
    } catch (problem) {
      if (!controller.signal.aborted) this.failure = problem;
    } finally {
      if (this.loading.get(page) === controller) this.loading.delete(page);
      if (!controller.signal.aborted) this.changed();
    }
  }

  private keep(page: number, rows: E[]): void {
    const have = this.pages.get(page);
    // Rows that arrived live while the page was read may lie behind it.
    if (!have || have.length < rows.length) this.pages.set(page, rows);
    const end = page * this.pageSize + rows.length;
    this.latest = Math.max(this.latest, rows.at(-1)?.sequence ?? 0);
    if (rows.length > 0) this.count = Math.max(this.count, end);
    if (this.open && rows.length < this.pageSize) {
      this.open = false;
      this.count = rows.length > 0 || page === 0 ? end : Math.min(this.count, end);
    }
    if (this.lacksRows(page)) this.believe(page, rows.length);
    else this.short.delete(page);
  }

  /** The log ends where the server twice says that it does, whatever was counted: no third reading of the page. */
  private believe(page: number, length: number): void {
    if (this.short.get(page) === length) {
      this.count = page * this.pageSize + (this.pages.get(page)?.length ?? 0);
      this.short.delete(page);
    } else {
      this.short.set(page, length);
    }
  }

  private touch(page: number): void {
    const rows = this.pages.get(page);
    if (!rows) return;
    this.pages.delete(page);
    this.pages.set(page, rows);
  }

  private drop(from: number, to: number): void {
    for (const page of this.pages.keys()) {
      if (this.pages.size <= this.keptPages) return;
      if (page < from || page > to) this.pages.delete(page);
    }
  }

  private changed(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}

/**
 * The row of the entry with this sequence, or of the first one after it. Rows come in the order of
 * their sequences, and a row's sequence is never less than its number: both bound the search.
 */
export async function rowOfSequence(
  sequence: number,
  count: number,
  sequenceAt: (row: number) => Promise<number>,
): Promise<number> {
  let low = 0;
  let high = Math.min(count, sequence);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await sequenceAt(middle)) < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}
