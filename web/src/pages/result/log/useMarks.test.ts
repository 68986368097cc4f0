import { expect, test } from 'vitest';
import { placesOf } from './useMarks';

test('a text is found in any case, one place after the other', () => {
  expect(placesOf('Port port PORT', 'port')).toEqual([
    [0, 4],
    [5, 9],
    [10, 14],
  ]);
  expect(placesOf('aaa', 'aa')).toEqual([[0, 2]]);
  expect(placesOf('none', 'port')).toEqual([]);
  expect(placesOf('anything', '')).toEqual([]);
});

test('letters whose lower case is longer are not marked at a wrong place', () => {
  expect(placesOf('İİ port', 'port')).toEqual([]);
});
