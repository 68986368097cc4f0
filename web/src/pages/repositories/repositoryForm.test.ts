import { expect, test } from 'vitest';
import type { Repository } from '~/api/queries';
import { intervals, isSsh, requestOf, valuesOf } from './repositoryForm';

const kept = {
  name: 'Net jobs',
  slug: 'net_jobs',
  remote_url: 'https://git.example.com/net.git',
  branch: 'main',
  poll_interval: 300,
  secret_kind: 'token',
  username: 'robot',
  known_hosts: '',
  python: '',
} as Repository;

test('what is kept sealed is sent only when it was typed anew, or shall go', () => {
  const values = valuesOf(kept);
  expect(requestOf(values, kept)).not.toHaveProperty('token');
  expect(requestOf({ ...values, secret: 'new' }, kept)).toMatchObject({ token: 'new' });
  expect(requestOf({ ...values, secretKind: '' }, kept)).toMatchObject({ token: null });
  const withKey = requestOf({ ...values, secretKind: 'ssh_key', secret: 'KEY' }, kept);
  expect(withKey).toMatchObject({ token: null, ssh_key: 'KEY' });
  expect(requestOf({ ...values, dropsWebhook: true }, kept)).toMatchObject({
    webhook_secret: null,
  });
});

test('the slug is given once, when it is added', () => {
  const values = { ...valuesOf(null), name: ' Net ', remote_url: 'x', slug: 'net' };
  expect(requestOf(values, null)).toMatchObject({ name: 'Net', slug: 'net', poll_interval: 0 });
  expect(requestOf({ ...values, slug: '' }, null)).not.toHaveProperty('slug');
  expect(requestOf(valuesOf(kept), kept)).not.toHaveProperty('slug');
});

test('keys and hosts are for ssh', () => {
  expect(isSsh('git@github.com:a/b.git')).toBe(true);
  expect(isSsh('ssh://git@host/b.git')).toBe(true);
  expect(isSsh('https://user@host:8443/b.git')).toBe(false);
});

test('an interval that was set elsewhere stays to be chosen', () => {
  expect(intervals('300')).toHaveLength(6);
  expect(intervals('7').at(-1)?.label).toBe('Every 7 seconds');
});
