import { afterEach, expect, test, vi } from 'vitest';
import { answer, api } from './client';
import { askEarly, forgetEarly } from './early';

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

test('what was asked for early is not asked again, and given once', async () => {
  vi.stubGlobal('fetch', fetched);
  askEarly(['/api/extras/job-queues/?limit=5']);
  expect(fetched).toHaveBeenCalledTimes(1);
  const asked = () =>
    answer(api.GET('/api/extras/job-queues/', { params: { query: { limit: 5 } } }));
  expect((await asked()).ok).toBe(true);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect((await asked()).ok).toBe(true);
  expect(fetched).toHaveBeenCalledTimes(2);
});

test('another address, and what was forgotten, is asked for', async () => {
  vi.stubGlobal('fetch', fetched);
  askEarly(['/api/extras/job-queues/?limit=5']);
  await answer(api.GET('/api/extras/job-queues/', { params: { query: { limit: 6 } } }));
  expect(fetched).toHaveBeenCalledTimes(2);
  forgetEarly();
  await answer(api.GET('/api/extras/job-queues/', { params: { query: { limit: 5 } } }));
  expect(fetched).toHaveBeenCalledTimes(3);
});
