import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { JobResult } from '~/api/queries';
import type { Status } from '~/api/statuses';
import { renderPage } from '~/testing/render';
import { fakeServer } from '~/testing/server';
import { BulkActions } from './BulkActions';

const result = (id: string, value: Status) => ({ id, status: { value, label: '' } }) as JobResult;

afterEach(() => void vi.unstubAllGlobals());

test('nothing can be done without a selection', () => {
  renderPage(<BulkActions count={1234} selected={[]} onDone={() => {}} />);
  expect(screen.getByRole('status')).toHaveTextContent('1,234 results');
  expect(screen.queryByRole('button')).toBeNull();
});

test('cancels what has not ended, after asking', async () => {
  const came = fakeServer({
    'POST /api/extras/job-results/cancel/': { cancelled: ['b'], unchanged: [] },
  });
  const done = vi.fn();
  renderPage(
    <BulkActions
      count={2}
      selected={[result('a', 'SUCCESS'), result('b', 'STARTED')]}
      onDone={done}
    />,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Cancel 1 run' }));
  expect(came).toEqual([]);
  const dialog = await screen.findByRole('dialog');
  const confirm = [...dialog.querySelectorAll('button')].find(
    (button) => button.textContent === 'Cancel 1 run',
  );
  await userEvent.click(confirm as HTMLElement);
  await waitFor(() => expect(done).toHaveBeenCalled());
  expect(came[0]?.body).toEqual({ ids: ['b'] });
});

test('a refused deletion is told, and the selection stays', async () => {
  fakeServer({
    'DELETE /api/extras/job-results/': [404, { detail: 'Result a does not exist.' }],
  });
  const done = vi.fn();
  renderPage(<BulkActions count={1} selected={[result('a', 'SUCCESS')]} onDone={done} />);
  await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Delete 1 result' }));
  expect(await screen.findByText('Result a does not exist.')).toBeInTheDocument();
  expect(done).not.toHaveBeenCalled();
});
