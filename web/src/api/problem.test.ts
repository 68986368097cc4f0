import { expect, test } from 'vitest';
import { asProblem, problemOf } from './problem';

test('a sentence is told as it came', () => {
  const problem = problemOf(
    503,
    { detail: 'No worker serves "slow".', code: 'queue.unserved' },
    null,
  );
  expect(problem.detail).toBe('No worker serves "slow".');
  expect(problem.code).toBe('queue.unserved');
  expect(problem.fields).toEqual({});
});

test('messages by field are found in both shapes', () => {
  const flat = problemOf(400, { username: ['Taken.', 'Too short.'] }, null);
  const nested = problemOf(400, { errors: { rows: ['Too many.'] } }, null);
  expect(flat.of('username')).toBe('Taken. Too short.');
  expect(nested.of('rows')).toBe('Too many.');
  expect(nested.of('other')).toBeNull();
  expect(nested.detail).toBe('rows: Too many.');
});

test('an answer that is no JSON still says something', () => {
  expect(problemOf(404, '<html>', null).detail).toContain('does not exist');
  expect(problemOf(502, undefined, null).detail).toContain('502');
});

test('tells how long to wait', () => {
  expect(problemOf(429, { detail: 'Too many failures.' }, '30').retryAfter).toBe(30);
  expect(problemOf(429, {}, null).retryAfter).toBeNull();
});

test('whatever is thrown becomes a problem', () => {
  const problem = problemOf(403, {}, null);
  expect(asProblem(problem)).toBe(problem);
  expect(asProblem(new Error('broken')).detail).toBe('broken');
});
