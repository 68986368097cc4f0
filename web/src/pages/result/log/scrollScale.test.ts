import { describe, expect, it } from 'vitest';
import { ScrollScale, tallestElement } from './scrollScale';

describe('content that fits an element', () => {
  const scale = new ScrollScale(10_000, 500);

  it('is not scaled', () => {
    expect(scale.height).toBe(10_000);
    expect(scale.positionOf(1234)).toBe(1234);
    expect(scale.scrollTopOf(1234)).toBe(1234);
    expect(scale.moved(0, 0, 9000)).toBe(9000);
  });

  it('has no place beyond its end', () => {
    expect(scale.end).toBe(9500);
    expect(scale.moved(0, 0, 99_999)).toBe(9500);
    expect(new ScrollScale(100, 500).end).toBe(0);
    expect(new ScrollScale(100, 500).positionOf(0)).toBe(0);
  });
});

describe('content taller than any element', () => {
  const scale = new ScrollScale(24_000_000, 600);

  it('has a bar of the tallest height', () => {
    expect(scale.height).toBe(tallestElement);
  });

  it('reaches the last pixel and the first', () => {
    const bottom = tallestElement - 600;
    expect(scale.positionOf(bottom)).toBe(scale.end);
    expect(scale.moved(1_000, 333, 0)).toBe(0);
    expect(scale.moved(1_000, bottom - 10, bottom)).toBe(scale.end);
  });

  it('moves a wheel step by as many pixels as it has', () => {
    expect(scale.moved(12_000_000, 4_000_000, 4_000_100)).toBe(12_000_100);
    expect(scale.moved(12_000_000, 4_000_000, 3_999_900)).toBe(11_999_900);
  });

  it('takes a drag of the bar to its place', () => {
    const middle = (tallestElement - 600) / 2;
    expect(scale.moved(0, 0, middle)).toBeCloseTo(scale.end / 2);
  });

  it('gives the bar back what the position is', () => {
    for (const position of [0, 1, 777_777, 12_345_678, scale.end]) {
      expect(scale.positionOf(scale.scrollTopOf(position))).toBeCloseTo(position, 3);
    }
  });
});
