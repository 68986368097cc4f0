import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { JobResult } from '~/api/queries';
import { renderPage } from '~/testing/render';
import { fakeServer } from '~/testing/server';
import { RunFeed } from '../runFeed';
import { LogTab } from './LogTab';

const levels = ['info', 'warning', 'info'];
const entries = ['begun', 'slow', 'done'].map((message, row) => ({
  sequence: row + 2,
  attempt: 1,
  created: '2026-11-24T10:00:00.123Z',
  log_level: levels[row]!,
  grouping: 'run',
  message,
  message_html: `<p><b>${message}</b></p>`,
  log_object: '',
  absolute_url: '',
}));
const path = 'GET /api/extras/job-results/r-1/logs/';

/** The log as the server filters it. */
function logs(search: string) {
  const query = new URLSearchParams(search);
  const wanted = query.getAll('log_level');
  const found = entries
    .filter((one) => wanted.length === 0 || wanted.includes(one.log_level))
    .filter((one) => one.message.includes(query.get('q') ?? ''));
  const from = Number(query.get('offset'));
  return { results: found.slice(from, from + Number(query.get('limit'))), next: null };
}

async function open(count = 3) {
  const result = {
    status: { value: 'SUCCESS' },
    debug_log_count: 0,
    info_log_count: count === 0 ? 0 : 2,
    success_log_count: 0,
    warning_log_count: count === 0 ? 0 : 1,
    error_log_count: 0,
    console_count: 0,
    progress: null,
    last_sequence: 5,
  } as JobResult;
  const feed = new RunFeed({ read: async () => result, url: () => '' });
  feed.start();
  await waitFor(() => expect(feed.snapshot()).not.toBeNull());
  return renderPage(<LogTab id="r-1" feed={feed} state={feed.snapshot()!} attempts={1} ended />);
}

afterEach(() => {
  vi.unstubAllGlobals();
  window.history.replaceState(null, '', '/');
});

test('a traceback keeps its lines', async () => {
  const message = 'It failed.\nTraceback (most recent call last):\n  File "a.py", line 1';
  const entry = { ...entries[0]!, message, message_html: '<p>It failed. Traceback</p>' };
  fakeServer({ [path]: { results: [entry], next: null } });
  await open(1);
  expect(await screen.findByText(/File "a.py", line 1/)).toHaveTextContent('Traceback');
  expect(screen.getByText(/File "a.py", line 1/).textContent).toBe(message);
});

test('entries show their line, level and text', async () => {
  fakeServer({ [path]: logs });
  await open();
  expect(await screen.findByText('slow')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Link to line 2' })).toHaveAttribute('href', '#line-2');
  expect(screen.getAllByText('Info').length).toBeGreaterThan(1);
});

test('a line is linked to', async () => {
  fakeServer({ [path]: logs });
  await open();
  await userEvent.click(await screen.findByRole('link', { name: 'Link to line 2' }));
  expect(window.location.hash).toBe('#line-2');
  expect(screen.getByText('slow').closest('[data-target]')).not.toBeNull();
});

test('levels and words narrow it, and what was found is shown in the whole log', async () => {
  fakeServer({ [path]: logs });
  await open();
  await userEvent.click(screen.getByRole('button', { name: /Warning/ }));
  expect(await screen.findByText('slow')).toBeVisible();
  expect(screen.queryByText('begun')).toBeNull();
  await userEvent.click(screen.getByRole('link', { name: 'Show in the whole log' }));
  expect(await screen.findByText('begun')).toBeVisible();
  expect(window.location.hash).toBe('#line-2');

  await userEvent.type(screen.getByLabelText('Search the log'), 'nowhere');
  expect(await screen.findByText('No entry matches')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Show the whole log' }));
  expect(await screen.findByText('begun')).toBeVisible();
});

test('a part that cannot be read is told, and read when asked to', async () => {
  const answers: Record<string, unknown> = { [path]: [500, { detail: 'The disk is full.' }] };
  fakeServer(answers);
  await open();
  expect(await screen.findByText('The disk is full.')).toBeVisible();
  answers[path] = logs;
  await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('slow')).toBeVisible();
});

test('an empty log says what it is for', async () => {
  fakeServer({ [path]: logs });
  await act(() => open(0));
  expect(await screen.findByText('An empty log')).toBeVisible();
});
