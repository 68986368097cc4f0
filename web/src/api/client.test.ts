import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { answer, api, onSignedOut, setCsrfToken } from './client';
import { asProblem } from './problem';

const fetched = vi.fn<(request: Request) => Promise<Response>>();

function answers(status: number, body: unknown, headers: Record<string, string> = {}) {
  fetched.mockResolvedValue(
    new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { 'Content-Type': 'application/json', ...headers },
    }),
  );
}

beforeEach(() => vi.stubGlobal('fetch', fetched));
afterEach(() => {
  vi.unstubAllGlobals();
  fetched.mockReset();
  setCsrfToken('');
});

test('only what changes something carries the token', async () => {
  setCsrfToken('secret');
  answers(200, { results: [] });
  await answer(api.GET('/api/extras/job-queues/'));
  expect(fetched.mock.lastCall?.[0].headers.has('X-CSRF-Token')).toBe(false);
  answers(200, { cancelled: [], unchanged: [] });
  await answer(api.POST('/api/extras/job-results/cancel/', { body: { ids: [] } }));
  expect(fetched.mock.lastCall?.[0].headers.get('X-CSRF-Token')).toBe('secret');
});

test('a refusal is a value with the server’s words', async () => {
  answers(400, { ids: ['Name one at least.'] });
  const answered = await answer(api.POST('/api/extras/job-results/cancel/', { body: { ids: [] } }));
  expect(answered.ok).toBe(false);
  if (!answered.ok) expect(answered.problem.of('ids')).toBe('Name one at least.');
});

test('a server that does not answer is a value too', async () => {
  fetched.mockRejectedValue(new TypeError('Failed to fetch'));
  const answered = await answer(api.GET('/api/extras/job-queues/'));
  expect(!answered.ok && asProblem(answered.problem).isUnreachable).toBe(true);
});

test('the end of a session is told to who listens', async () => {
  const told = vi.fn();
  const stop = onSignedOut(told);
  answers(401, { detail: 'No.' });
  await answer(api.GET('/api/extras/job-queues/'));
  expect(told).toHaveBeenCalledOnce();
  stop();
  answers(401, { detail: 'No.' });
  await answer(api.GET('/api/extras/job-queues/'));
  expect(told).toHaveBeenCalledOnce();
});
