import { expect, test } from 'vitest';
import { filtersOf, narrowing, requestOf, searchOf } from './filters';

const now = new Date('2026-11-24T12:00:30Z');

test.each([
  '',
  'q=cable',
  'status=PENDING&status=RETRY',
  'job=files.WriteReport&user=ada&queue=slow&worker=vm%3A1&status=FAILURE&period=1d&page=3',
  'after=2026-11-01T10%3A00&before=2026-11-02T10%3A00&sort=date_done&view=timeline',
])('"%s" is read and written back the same', (search) => {
  expect(searchOf(filtersOf(search))).toBe(search);
});

test('what an address says wrongly counts as not said', () => {
  const wrong = 'status=BROKEN&period=toString&sort=name&page=-4&view=map&after=yesterday';
  expect(filtersOf(wrong)).toEqual(filtersOf(''));
});

test('the request speaks the words of the interface', () => {
  const filters = filtersOf('job=files.WriteReport&status=FAILURE&status=REVOKED&q=x&user=ada');
  expect(requestOf(filters, now).toString()).toBe(
    'q=x&status=FAILURE&status=REVOKED&task_name=files.WriteReport&user=ada&sort=-date_created',
  );
});

test('a period is counted back from the minute, so that a request stays the same for a while', () => {
  const asked = (time: Date) => requestOf(filtersOf('period=1h'), time).get('date_created__gte');
  expect(asked(now)).toBe('2026-11-24T11:00:00.000Z');
  expect(asked(new Date('2026-11-24T12:00:59Z'))).toBe(asked(now));
});

test('times of the address are local', () => {
  const request = requestOf(filtersOf('after=2026-11-24T10:00'), now);
  expect(request.get('date_created__gte')).toBe('2026-11-24T09:00:00.000Z'); // Berlin in winter
  expect(request.get('date_created__lte')).toBeNull();
});

test('counts what narrows the list', () => {
  expect(narrowing(filtersOf('page=2&sort=date_done'))).toBe(0);
  expect(narrowing(filtersOf('status=FAILURE&status=RETRY&period=1d&queue=slow'))).toBe(3);
});
