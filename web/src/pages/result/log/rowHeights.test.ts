import { describe, expect, it } from 'vitest';
import { RowHeights } from './rowHeights';

describe('RowHeights', () => {
  it('places rows of the usual height', () => {
    const heights = new RowHeights(20);
    expect(heights.offsetOf(1_000_000)).toBe(20_000_000);
    expect(heights.rowAt(0)).toBe(0);
    expect(heights.rowAt(19.9)).toBe(0);
    expect(heights.rowAt(20)).toBe(1);
    expect(heights.rowAt(19_999_999)).toBe(999_999);
  });

  it('moves what is below a row that is taller', () => {
    const heights = new RowHeights(20);
    expect(heights.set(2, 60)).toBe(true);
    expect(heights.set(2, 60)).toBe(false);
    expect(heights.offsetOf(2)).toBe(40);
    expect(heights.offsetOf(3)).toBe(100);
    heights.set(2, 20);
    expect(heights.offsetOf(3)).toBe(60);
  });

  it('finds the row of every pixel', () => {
    const heights = new RowHeights(10);
    const tall = new Map([
      [0, 35],
      [3, 11],
      [4, 90],
      [9, 4],
    ]);
    for (const [row, height] of tall) heights.set(row, height);
    const expected: number[] = [];
    for (let row = 0; row < 15; row += 1) {
      for (let pixel = 0; pixel < (tall.get(row) ?? 10); pixel += 1) expected.push(row);
    }
    expect(expected.map((_, pixel) => heights.rowAt(pixel))).toEqual(expected);
  });
});
