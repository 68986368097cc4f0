import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keys } from '~/api/queries';
import { parseStatusEvent, staleAfter, type StatusEvent } from './events';
import { pause, StaleQueries } from './staleQueries';

const event = (status: StatusEvent['status'], id = 'a'): StatusEvent => ({
  job_result: id,
  job_model: null,
  name: 'Greet',
  status,
  attempt: 1,
  reason: '',
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what is no event is left out', () => {
  expect(parseStatusEvent('{"job_result":"a","status":"SUCCESS"}')?.status).toBe('SUCCESS');
  expect(parseStatusEvent('{}')).toBeNull();
  expect(parseStatusEvent('null')).toBeNull();
  expect(parseStatusEvent('half {')).toBeNull();
});

test('the trend of a job changes only when a run ends', () => {
  expect(staleAfter(event('STARTED'))).not.toContainEqual(keys.recentResults);
  expect(staleAfter(event('FAILURE'))).toContainEqual(keys.recentResults);
  expect(staleAfter(event('STARTED'))).toContainEqual(keys.result('a'));
});

test('a burst of events reads each list twice: at once, and after the pause', () => {
  const client = new QueryClient();
  const invalidated = vi.spyOn(client, 'invalidateQueries');
  const ofSummary = () =>
    invalidated.mock.calls.filter(([filters]) => filters?.queryKey === keys.summary).length;
  const stale = new StaleQueries(client);
  for (let run = 0; run < 100; ++run) stale.add(staleAfter(event('STARTED', `run ${run}`)));
  expect(ofSummary()).toBe(1);
  vi.advanceTimersByTime(pause);
  expect(ofSummary()).toBe(2);
  // Every run of the burst was read anew, not only the first.
  expect(invalidated.mock.calls.map(([filters]) => filters?.queryKey)).toContainEqual(
    keys.result('run 99'),
  );
  vi.advanceTimersByTime(10 * pause);
  expect(ofSummary()).toBe(2);
});
