import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Job } from '~/api/queries';
import { renderPage } from '~/testing/render';
import { fakeServer } from '~/testing/server';
import { RunForm } from './RunForm';
import { firstValues, type Variable, type VariableState } from './variables';

const job = {
  id: '1',
  class_path: 'a.Job',
  enabled: true,
  installed: true,
  is_singleton: true,
  job_queues: [{}],
} as unknown as Job;

const variables: Variable[] = [
  {
    name: 'host_name',
    type: 'StringVar',
    required: true,
    help_text: '**Where** to',
    help_text_html: '<p><strong>Where</strong> to</p>\n',
  },
  { name: 'mode', type: 'StringVar', required: true, visible_if: { host_name: ['b'] } },
  { name: 'password', type: 'StringVar', required: false, sensitive: true },
];
const form = 'POST /api/extras/jobs/a.Job/variables/';
const run = 'POST /api/extras/jobs/a.Job/run/';

const told = (changes: Record<string, Partial<VariableState>> = {}) => ({
  valid: true,
  errors: {},
  variables: variables.map((one) => ({
    ...one,
    visible: one.visible_if === undefined,
    errors: [],
    ...changes[one.name],
  })),
});

beforeEach(() => {
  window.requestAnimationFrame = (callback) => setTimeout(callback, 0) as unknown as number;
});
afterEach(() => vi.unstubAllGlobals());

function open(record: Job = job) {
  const first = firstValues(variables, new URLSearchParams());
  return renderPage(
    <RunForm job={record} variables={variables} first={first} firstQueue="" />,
    '/jobs/a.Job',
  );
}

test('labels are the names as words, and secrets are typed unseen', async () => {
  fakeServer({ [form]: told() });
  open();
  expect(screen.getByLabelText('host name')).toHaveAccessibleDescription(/Where to/);
  expect(screen.getByText('Where').tagName).toBe('STRONG');
  expect(screen.getByLabelText('password')).toHaveAttribute('type', 'password');
  expect(screen.queryByLabelText('mode')).toBeNull();
});

test('a field shows up when the server says so, and what was typed stays', async () => {
  const came = fakeServer({
    [form]: told({ mode: { visible: true, errors: ['This field is required.'] } }),
  });
  open();
  await userEvent.type(screen.getByLabelText('host name'), 'b');
  expect(await screen.findByLabelText('mode')).toBeVisible();
  expect(screen.getByLabelText('host name')).toHaveFocus();
  expect(screen.getByLabelText('host name')).toHaveValue('b');
  expect(screen.queryByText('This field is required.')).toBeNull(); // nobody has been there yet
  await waitFor(() =>
    expect(came.at(-1)?.body).toEqual({ data: { host_name: 'b', mode: '', password: '' } }),
  );
});

test('a refused run says why beside the field, and the next change takes that away', async () => {
  fakeServer({ [form]: told(), [run]: [400, { errors: { host_name: ['No such host.'] } }] });
  open();
  await userEvent.click(screen.getByRole('button', { name: 'Run job' }));
  expect(await screen.findByText('No such host.')).toBeVisible();
  expect(screen.getByText('One field needs a change.')).toBeVisible();
  await waitFor(() => expect(screen.getByLabelText('host name')).toHaveFocus());
  await userEvent.type(screen.getByLabelText('host name'), 'x');
  expect(screen.queryByText('No such host.')).toBeNull();
  expect(screen.queryByText('One field needs a change.')).toBeNull();
});

test('a refusal that belongs to no field is told as it is', async () => {
  const detail = 'No worker serves the queue default; start one with `windlass start`.';
  fakeServer({ [form]: told(), [run]: [503, { detail }] });
  open();
  await userEvent.click(screen.getByRole('button', { name: 'Run job' }));
  expect(await screen.findByText(detail)).toBeVisible();
});

test('a run that was taken leads to its page', async () => {
  const came = fakeServer({ [form]: told(), [run]: [201, { job_result: { id: 'r-1' } }] });
  const { address } = open();
  await userEvent.click(screen.getByLabelText('Ignore singleton lock'));
  await userEvent.click(screen.getByRole('button', { name: 'Run job' }));
  await waitFor(() => expect(address.history.at(-1)).toBe('/results/r-1'));
  expect(came.at(-1)?.body).toMatchObject({ ignore_singleton_lock: true });
});

test('a disabled job cannot be run', () => {
  fakeServer({ [form]: told() });
  open({ ...job, enabled: false });
  expect(screen.getByRole('button', { name: 'Run job' })).toBeDisabled();
});
