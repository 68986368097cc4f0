import { expect, test } from 'vitest';
import { rank, score } from './search';

const item = (label: string, more = '') => ({ id: label, label, more });
const labels = (query: string, ...items: ReturnType<typeof item>[]) =>
  rank(items, query, 10).map(({ label }) => label);

test('the beginning of a name is better than a word in it, and that than anything else', () => {
  expect(
    labels(
      'work',
      item('Rework', ''),
      item('Other', 'module.work'),
      item('Long Work'),
      item('Work Orders'),
      item('Work'),
    ),
  ).toEqual(['Work', 'Work Orders', 'Long Work', 'Rework', 'Other']);
});

test('every word has to be found, in any order and case', () => {
  expect(score(item('Order Cable', 'forms.OrderCable'), 'CABLE ord')).toBeGreaterThan(0);
  expect(score(item('Order Cable', 'forms.OrderCable'), 'cable forms')).toBeGreaterThan(0);
  expect(score(item('Order Cable', 'forms.OrderCable'), 'cable wire')).toBe(0);
});

test('equals stay in their order, and no more come than asked for', () => {
  const many = [item('Job a'), item('Job b'), item('Job c')];
  expect(rank(many, 'job', 2).map(({ label }) => label)).toEqual(['Job a', 'Job b']);
  expect(rank(many, '  ', 2)).toHaveLength(2);
});
