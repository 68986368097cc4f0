import { expect, test } from 'vitest';
import { isOpen, loadPageAt, navigation, pages } from './pages';

test('a page of the navigation is open with everything below it', () => {
  expect(isOpen('/jobs', '/jobs')).toBe(true);
  expect(isOpen('/jobs', '/jobs/files.WriteReport')).toBe(true);
  expect(isOpen('/jobs', '/jobsheet')).toBe(false);
  expect(isOpen('/', '/jobs')).toBe(false);
});

test('every link of the navigation leads to a page that can be loaded', async () => {
  expect(navigation.map(({ title }) => title)).toEqual([
    'Home',
    'Jobs',
    'Results',
    'Repositories',
    'Workers',
    'Settings',
  ]);
  for (const page of pages) expect(typeof (await page.load()).default).toBe('function');
});

test('the page of an address is loaded, and an unknown one is nothing', async () => {
  await expect(loadPageAt('/results/0192')).resolves.toBeUndefined();
  await expect(loadPageAt('/nowhere')).resolves.toBeUndefined();
});
