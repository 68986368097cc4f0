import { expect, test } from 'vitest';
import type { Job } from '~/api/queries';
import { filterOf, firstLine, groupJobs, isShown, searchOf } from './groups';

const job = (part: Partial<Job>): Job =>
  ({
    id: part.class_path ?? 'id',
    class_path: 'files.WriteReport',
    name: 'Write Report',
    module_name: 'files',
    grouping: 'Examples',
    description: 'Writes squares.',
    source: 'jobs_root',
    hidden: false,
    enabled: true,
    ...part,
  }) as Job;

const nobody = { favourites: new Set<string>(), failing: new Set<string>() };
const all = filterOf('');

test('the address says the filter and back', () => {
  for (const search of ['', 'q=cable', 'show=failing', 'q=a+b&show=enabled&hidden=true']) {
    expect(searchOf(filterOf(search))).toBe(search);
  }
  expect(filterOf('show=nonsense').show).toBe('all');
});

test('groups by source, then grouping, then name', () => {
  const grouped = groupJobs([
    job({ name: 'B', class_path: 'b' }),
    job({ name: 'A', class_path: 'a' }),
    job({ name: 'C', grouping: 'Alpha', class_path: 'c' }),
    job({ name: 'D', source: 'network-repo', class_path: 'd' }),
    job({ name: 'E', grouping: '', module_name: 'loose', class_path: 'e' }),
  ]);
  expect(
    grouped.map(({ name, groups }) => [
      name,
      groups.map((g) => [g.name, g.jobs.map((j) => j.name)]),
    ]),
  ).toEqual([
    [
      'jobs_root',
      [
        ['Alpha', ['C']],
        ['Examples', ['A', 'B']],
        ['loose', ['E']],
      ],
    ],
    ['network-repo', [['Examples', ['D']]]],
  ]);
});

test('hidden jobs show only when asked for', () => {
  expect(isShown(job({ hidden: true }), all, nobody)).toBe(false);
  expect(isShown(job({ hidden: true }), { ...all, hidden: true }, nobody)).toBe(true);
});

test('each choice shows what it says', () => {
  const one = job({ id: 'id', enabled: false });
  const known = { favourites: new Set(['files.WriteReport']), failing: new Set(['id']) };
  expect(isShown(one, { ...all, show: 'favourites' }, known)).toBe(true);
  expect(isShown(one, { ...all, show: 'favourites' }, nobody)).toBe(false);
  expect(isShown(one, { ...all, show: 'failing' }, known)).toBe(true);
  expect(isShown(one, { ...all, show: 'failing' }, nobody)).toBe(false);
  expect(isShown(one, { ...all, show: 'enabled' }, known)).toBe(false);
  expect(isShown(one, { ...all, show: 'disabled' }, known)).toBe(true);
});

test('search looks at name, path, grouping and description', () => {
  for (const query of ['report', 'files.w', 'examples', 'squares']) {
    expect(isShown(job({}), { ...all, query }, nobody)).toBe(true);
  }
  expect(isShown(job({}), { ...all, query: 'cable' }, nobody)).toBe(false);
});

test('a list shows the first line of a description', () => {
  expect(firstLine('\n  First.\nSecond.')).toBe('First.');
});
