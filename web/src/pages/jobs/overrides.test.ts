import { expect, test } from 'vitest';
import type { Job } from '~/api/queries';
import { patchOf, resetOf, valuesOf } from './overrides';

const job = {
  name: 'Greet',
  grouping: 'Examples',
  description: '',
  soft_time_limit: 300,
  time_limit: 600,
  hidden: false,
  approval_required: false,
  has_sensitive_variables: true,
  is_singleton: false,
  dryrun_default: false,
  console_log_default: false,
} as Job;

test('only what was changed is sent: what is sent becomes an override', () => {
  expect(patchOf(job, valuesOf(job))).toEqual({});
  expect(patchOf(job, { ...valuesOf(job), name: 'Hello', hidden: true })).toEqual({
    name: 'Hello',
    hidden: true,
  });
});

test('a field is given back by its flag', () => {
  expect(resetOf('time_limit')).toEqual({ time_limit_override: false });
});
