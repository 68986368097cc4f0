import { expect, test } from 'vitest';
import { sortedBy } from './sortedBy';

const sorted = (...words: string[]) => sortedBy(words, (word) => word);

test('capitals do not matter', () => {
  expect(sorted('beta', 'Alpha', 'gamma', 'Beta 2')).toEqual(['Alpha', 'beta', 'Beta 2', 'gamma']);
});

test('letters of other languages stand with those they are like', () => {
  expect(sorted('Zebra', 'Éclair', 'eagle', 'Folder')).toEqual([
    'eagle',
    'Éclair',
    'Folder',
    'Zebra',
  ]);
});
