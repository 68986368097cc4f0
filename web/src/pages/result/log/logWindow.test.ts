import { describe, expect, it, vi } from 'vitest';
import { LogWindow, rowOfSequence, type Sequenced } from './logWindow';

/** A log on a server: row n has the sequence 2 n + 1. Reading waits until `answer` is called. */
function server(rows: number) {
  const asked: { offset: number; signal: AbortSignal; answer: () => void; refuse: () => void }[] =
    [];
  const log = { rows };
  const load = (offset: number, limit: number, signal: AbortSignal) =>
    new Promise<Sequenced[]>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('aborted')));
      const end = Math.min(log.rows, offset + limit);
      const page = () =>
        Array.from({ length: Math.max(0, end - offset) }, (_, i) => entry(offset + i));
      asked.push({
        offset,
        signal,
        answer: () => resolve(page()),
        refuse: () => reject(new Error('refused')),
      });
    });
  return { log, asked, load };
}

const entry = (row: number): Sequenced => ({ sequence: row * 2 + 1 });
const settled = () => vi.waitFor(() => Promise.resolve());

describe('LogWindow', () => {
  it('believes the server that says twice that there are fewer rows than were counted', async () => {
    const { asked, load } = server(150);
    const log = new LogWindow(load, { pageSize: 100 });
    log.subscribe(() => log.want(100, 199));
    log.settle(200);
    asked[0]!.answer();
    await settled();
    expect(asked).toHaveLength(2);
    expect(log.count).toBe(200);
    asked[1]!.answer();
    await settled();
    expect(asked).toHaveLength(2);
    expect(log.count).toBe(150);
    expect(log.row(149)).toEqual(entry(149));
  });

  it('reads the pages that are looked at, once', async () => {
    const { asked, load } = server(1_000_000);
    const log = new LogWindow(load, { pageSize: 100 });
    log.settle(1_000_000);
    log.want(499_990, 500_020);
    log.want(499_990, 500_020);
    expect(asked.map((request) => request.offset)).toEqual([499_900, 500_000]);
    expect(log.row(500_000)).toBeUndefined();
    for (const request of asked) request.answer();
    await settled();
    expect(log.row(500_000)).toEqual(entry(500_000));
    expect(log.row(499_999)).toEqual(entry(499_999));
    log.want(499_990, 500_020);
    expect(asked).toHaveLength(2);
  });

  it('passes over what comes live but was read already', async () => {
    const { log: kept, asked, load } = server(8);
    const log = new LogWindow(load, { pageSize: 100 });
    log.settle(8);
    kept.rows = 10; // two more were stored before the page is answered
    log.want(0, 10);
    asked[0]!.answer();
    await settled();
    log.append([entry(8), entry(9), entry(10)]);
    expect(log.count).toBe(11);
    for (let row = 0; row < 11; row += 1) expect(log.row(row)).toEqual(entry(row));
  });

  it('gives up reading what is looked at no more, and reads it when it is again', async () => {
    const { asked, load } = server(10_000);
    const log = new LogWindow(load, { pageSize: 100 });
    log.settle(10_000);
    log.want(0, 10);
    log.want(5000, 5010);
    expect(asked[0]!.signal.aborted).toBe(true);
    log.want(0, 10);
    expect(asked.map((request) => request.offset)).toEqual([0, 5000, 0]);
    asked[2]!.answer();
    await settled();
    expect(log.row(0)).toEqual(entry(0));
    expect(log.failure).toBeNull();
  });

  it('keeps only so many pages, the latest used', async () => {
    const { asked, load } = server(10_000);
    const log = new LogWindow(load, { pageSize: 10, keptPages: 3 });
    log.settle(10_000);
    for (const row of [0, 10, 20, 5, 30]) {
      log.want(row, row);
      asked.at(-1)?.answer();
      await settled();
    }
    log.want(30, 30);
    expect([0, 10, 20, 30].map((row) => log.row(row) !== undefined)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('adds live rows behind a page that was read', async () => {
    const { asked, load } = server(5);
    const log = new LogWindow(load, { pageSize: 4 });
    log.settle(5);
    log.want(4, 4);
    asked[0]!.answer();
    await settled();
    log.append([entry(5), entry(6), entry(7), entry(8)]);
    expect(log.count).toBe(9);
    expect([4, 5, 6, 7, 8].map((row) => log.row(row))).toEqual([4, 5, 6, 7, 8].map(entry));
    log.want(4, 8);
    expect(asked).toHaveLength(1);
  });

  it('never puts a live row in the place of one that was not read', async () => {
    const { asked, load, log: rows } = server(5);
    const log = new LogWindow(load, { pageSize: 10 });
    log.settle(5);
    log.append([entry(5)]);
    expect(log.row(0)).toBeUndefined();
    expect(log.row(5)).toBeUndefined();
    rows.rows = 6;
    log.want(0, 5);
    asked[0]!.answer();
    await settled();
    expect(log.row(5)).toEqual(entry(5));
    expect(log.count).toBe(6);
  });

  it('looks for an end that is not known', async () => {
    const { asked, load, log: rows } = server(7);
    const log = new LogWindow(load, { pageSize: 5 });
    log.reopen();
    log.want(0, 3);
    asked[0]!.answer();
    await settled();
    expect([log.count, log.open]).toEqual([5, true]);
    log.want(3, 6);
    asked[1]!.answer();
    await settled();
    expect([log.count, log.open]).toEqual([7, false]);
    rows.rows = 9;
    log.reopen();
    log.want(3, 8);
    asked[2]!.answer();
    await settled();
    expect([log.count, log.open]).toEqual([9, false]);
  });

  it('finds that a full page was the last one', async () => {
    const { asked, load } = server(5);
    const log = new LogWindow(load, { pageSize: 5 });
    log.reopen();
    log.want(0, 4);
    asked[0]!.answer();
    await settled();
    log.want(0, 9);
    asked[1]!.answer();
    await settled();
    expect([log.count, log.open]).toEqual([5, false]);
  });

  it('finds that nothing matches', async () => {
    const { asked, load } = server(0);
    const log = new LogWindow(load, { pageSize: 5 });
    log.reopen();
    log.want(0, 40);
    asked[0]!.answer();
    await settled();
    expect([log.count, log.open]).toEqual([0, false]);
  });

  it('says that a page could not be read, and reads it when asked to', async () => {
    const { asked, load } = server(10);
    const log = new LogWindow(load, { pageSize: 5 });
    const told = vi.fn();
    log.subscribe(told);
    log.settle(10);
    log.want(0, 1);
    asked[0]!.refuse();
    await settled();
    expect(log.failure).toEqual(new Error('refused'));
    log.want(0, 1);
    expect(asked).toHaveLength(1);
    log.retry();
    log.want(0, 1);
    asked[1]!.answer();
    await settled();
    expect(log.row(1)).toEqual(entry(1));
    expect(told).toHaveBeenCalled();
  });
});

describe('rowOfSequence', () => {
  it('finds the row with few questions', async () => {
    const ask = vi.fn(async (row: number) => row * 2 + 1);
    expect(await rowOfSequence(800_001, 1_000_000, ask)).toBe(400_000);
    expect(await rowOfSequence(1, 1_000_000, ask)).toBe(0);
    expect(await rowOfSequence(800_000, 1_000_000, ask)).toBe(400_000);
    expect(ask.mock.calls.length).toBeLessThan(45);
  });
});
