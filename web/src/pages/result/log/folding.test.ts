import { describe, expect, it } from 'vitest';
import { foldedLines } from './folding';

const entry = (grouping: string, log_level = 'info') => ({ grouping, log_level });
const log = [
  entry('initialization'),
  entry('run'),
  entry('run', 'critical'),
  entry('run', 'warning'),
  entry('check', 'success'),
  entry('run'),
];

describe('foldedLines', () => {
  it('heads each stretch of one grouping', () => {
    const lines = foldedLines(log, new Set([0, 1, 4, 5]));
    expect(lines.map((line) => (line.kind === 'group' ? line.grouping : line.row))).toEqual([
      'initialization',
      0,
      'run',
      1,
      2,
      3,
      'check',
      4,
      'run',
      5,
    ]);
  });

  it('leaves only the head of a folded one, which tells how many it hides and the worst', () => {
    const lines = foldedLines(log, new Set([0, 4]));
    expect(lines[2]).toEqual({
      kind: 'group',
      grouping: 'run',
      first: 1,
      count: 3,
      worst: 'critical',
      folded: true,
    });
    expect(lines).toHaveLength(6);
  });

  it('has no line for an empty log', () => {
    expect(foldedLines([], new Set())).toEqual([]);
  });
});
