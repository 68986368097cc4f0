import { afterEach, expect, test, vi } from 'vitest';
import { answer, api } from './client';
import { askEarly, early, forgetEarly } from './early';

const fetched = vi.fn(async () =>
  Promise.resolve(
    new Response('{"results": []}', { headers: { 'Content-Type': 'application/json' } }),
  ),
);

afterEach(() => {
  vi.unstubAllGlobals();
  fetched.mockClear();
  forgetEarly();
});

const queues = '/api/extras/job-queues/?limit=5';
const asked = (limit: number) =>
  answer(
    early(`/api/extras/job-queues/?limit=${limit}`, () =>
      api.GET('/api/extras/job-queues/', { params: { query: { limit } } }),
    ),
  );

test('what was asked for early is not asked again, and given once', async () => {
  vi.stubGlobal('fetch', fetched);
  askEarly([queues]);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(await asked(5)).toEqual({ ok: true, value: { results: [] } });
  expect(fetched).toHaveBeenCalledTimes(1);
  expect((await asked(5)).ok).toBe(true);
  expect(fetched).toHaveBeenCalledTimes(2);
});

test('another address, and what was forgotten, is asked for', async () => {
  vi.stubGlobal('fetch', fetched);
  askEarly([queues]);
  await asked(6);
  expect(fetched).toHaveBeenCalledTimes(2);
  forgetEarly();
  await asked(5);
  expect(fetched).toHaveBeenCalledTimes(3);
});

test('a refusal, and a server that does not answer, are told as those of a later request are', async () => {
  const refusal = new Response('{"detail": "Sign in first."}', { status: 403 });
  vi.stubGlobal('fetch', async () => Promise.resolve(refusal));
  askEarly([queues]);
  expect(await asked(5)).toMatchObject({
    ok: false,
    problem: { status: 403, detail: 'Sign in first.' },
  });
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('no network')));
  askEarly([queues]);
  expect(await asked(5)).toMatchObject({ ok: false, problem: { isUnreachable: true } });
});
