import { expect, test } from 'vitest';
import { codeOf, nextPath } from './nextPath';

test('goes back to where the visitor was', () => {
  expect(nextPath('?next=%2Fresults%3Fstatus%3DFAILURE')).toBe('/results?status=FAILURE');
  expect(nextPath('')).toBe('/');
});

test.each([
  'https://elsewhere.test/',
  '//elsewhere.test',
  '/\\elsewhere.test',
  'javascript:alert(1)',
  '/sign-in?next=/',
])('never to %s', (next) => {
  expect(nextPath(`?next=${encodeURIComponent(next)}`)).toBe('/');
});

test('the code of the one-time link stands behind the hash', () => {
  expect(codeOf('#code=abc-123')).toBe('abc-123');
  expect(codeOf('')).toBeNull();
});
