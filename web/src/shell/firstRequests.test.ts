import { expect, test } from 'vitest';
import { pageAt } from './chunks';
import { firstRequests } from './firstRequests';

test('a list is asked for as its address filters it', () => {
  const requests = firstRequests(pageAt('/results'), '?status=FAILURE&page=3');
  expect(requests).toContain(
    '/api/extras/job-results/?status=FAILURE&sort=-date_created&limit=50&offset=100',
  );
  expect(firstRequests(pageAt('/results'), '?view=timeline')).not.toContainEqual(
    expect.stringContaining('job-results'),
  );
  const jobs = firstRequests(pageAt('/jobs'), '');
  expect(jobs.filter((address) => address.startsWith('/api/extras/jobs/'))).toHaveLength(2);
});

test('where there is no page, only the session is asked for', () => {
  expect(firstRequests(pageAt('/sign-in'), '')).toEqual(['/api/session/']);
});
