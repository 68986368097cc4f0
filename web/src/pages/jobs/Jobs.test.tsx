import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Job } from '~/api/queries';
import { renderPage } from '~/testing/render';
import { fakeServer } from '~/testing/server';
import Jobs from './Jobs';

const job = (name: string, part: Partial<Job> = {}) => ({
  id: name,
  name,
  class_path: `files.${name}`,
  module_name: 'files',
  grouping: 'Examples',
  description: '',
  source: 'jobs_root',
  installed: true,
  enabled: false,
  hidden: false,
  import_error: '',
  ...part,
});
const source = {
  name: 'jobs_root',
  path: '/srv/jobs',
  version: 'abc',
  errors: [],
  warnings: [],
  jobs: 2,
};
const answers = (jobs: object[], more: object = {}) => ({
  'GET /api/extras/jobs/': (search: string) => ({
    next: null,
    results: search.includes('hidden=false') ? jobs : [],
  }),
  'GET /api/extras/jobs/recent-results/': {},
  'GET /api/extras/job-sources/': [source],
  'GET /api/users/preferences/': { favourite_jobs: [], saved_views: [], result_columns: [] },
  ...more,
});

beforeEach(() => localStorage.clear());
afterEach(() => void vi.unstubAllGlobals());

test('search as you type narrows the list and stands in the address', async () => {
  fakeServer(answers([job('Greet'), job('Report')]));
  const { address } = renderPage(<Jobs />, '/jobs');
  await screen.findByText('Report');
  await userEvent.type(screen.getByLabelText('Search jobs'), 'gre');
  await waitFor(() => expect(screen.queryByText('Report')).toBeNull());
  expect(screen.getByText('Greet')).toBeInTheDocument();
  expect(address.history.at(-1)).toBe('/jobs?q=gre');
});

test('enabling shows at once, and is taken back when it is refused', async () => {
  fakeServer(
    answers([job('Greet')], {
      'PATCH /api/extras/jobs/Greet/': [403, { detail: 'You may not change this job.' }],
    }),
  );
  renderPage(<Jobs />, '/jobs');
  const enable = await screen.findByRole('switch', { name: 'Enable Greet' });
  await userEvent.click(enable);
  expect(await screen.findByText('You may not change this job.')).toBeInTheDocument();
  expect(screen.getByRole('switch', { name: 'Enable Greet' })).not.toBeChecked();
});

test('without jobs it says where a file goes, with one to copy', async () => {
  fakeServer(answers([]));
  renderPage(<Jobs />, '/jobs');
  expect(await screen.findByText('There are no jobs yet')).toBeInTheDocument();
  expect(await screen.findByText('/srv/jobs')).toBeInTheDocument();
  const file = screen.getByRole('region', { name: 'A first job' });
  expect(within(file).getByText(/jobs.register_jobs\(Greet\)/)).toBeInTheDocument();
});

test('a module that is being compiled is no mistake', async () => {
  const error = {
    module: 'sweep',
    file: '',
    line: null,
    traceback: 'Compiling: sweep.cpp is being compiled.',
  };
  fakeServer(answers([], { 'GET /api/extras/job-sources/': [{ ...source, errors: [error] }] }));
  renderPage(<Jobs />, '/jobs');
  expect(await screen.findByText('sweep is being compiled.')).toBeInTheDocument();
  expect(screen.queryByText('sweep does not import')).not.toBeInTheDocument();
});

test('a file that does not import shows with its traceback, also without any job', async () => {
  const error = {
    module: 'broken',
    file: '/srv/jobs/broken.py',
    line: 3,
    traceback: 'SyntaxError',
  };
  fakeServer(answers([], { 'GET /api/extras/job-sources/': [{ ...source, errors: [error] }] }));
  renderPage(<Jobs />, '/jobs');
  expect(await screen.findByText('broken does not import')).toBeInTheDocument();
  expect(screen.getByText('/srv/jobs/broken.py:3')).toBeInTheDocument();
  expect(screen.getByText('SyntaxError')).toBeInTheDocument();
});
