import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { renderPage } from '~/testing/render';
import { fakeServer } from '~/testing/server';
import SignIn from './SignIn';

const nobody = {
  user: null,
  csrf_token: '',
  first_account: false,
  version: '0.1.0',
  default_queue: 'default',
};
const ada = { ...nobody, user: { id: '1', username: 'ada', display: 'Ada' }, csrf_token: 't' };

afterEach(() => {
  vi.unstubAllGlobals();
  window.history.replaceState(null, '', '/');
});

test('signs in and goes back to where the visitor was', async () => {
  const came = fakeServer({ 'GET /api/session/': nobody, 'POST /api/session/': ada });
  window.history.replaceState(null, '', '/sign-in?next=%2Fresults');
  const { address } = renderPage(<SignIn />, '/sign-in');
  await userEvent.type(await screen.findByLabelText('User name'), 'ada');
  await userEvent.type(screen.getByLabelText('Password'), 'correct');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await waitFor(() => expect(address.history.at(-1)).toBe('/results'));
  expect(came.at(-1)?.body).toEqual({ username: 'ada', password: 'correct' });
});

test('a refusal is told, and the password has to be typed again', async () => {
  fakeServer({
    'GET /api/session/': nobody,
    'POST /api/session/': [400, { detail: 'The name or the password is wrong.' }],
  });
  renderPage(<SignIn />, '/sign-in');
  await userEvent.type(await screen.findByLabelText('User name'), 'ada');
  await userEvent.type(screen.getByLabelText('Password'), 'wrong');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('The name or the password is wrong.');
  expect(screen.getByLabelText('Password')).toHaveValue('');
});

test('the one-time link makes the first account', async () => {
  const came = fakeServer({
    'GET /api/session/': { ...nobody, first_account: true },
    'POST /api/session/first-account/': [201, ada],
  });
  window.history.replaceState(null, '', '/sign-in#code=abc');
  const { address } = renderPage(<SignIn />, '/sign-in');
  await userEvent.type(await screen.findByLabelText('Password once more'), 'long enough');
  await userEvent.type(await screen.findByLabelText('User name'), 'ada');
  await userEvent.type(screen.getByLabelText('Password'), 'long enough');
  await userEvent.click(screen.getByRole('button', { name: 'Make the account' }));
  await waitFor(() => expect(address.history.at(-1)).toBe('/'));
  expect(came.at(-1)?.body).toEqual({ code: 'abc', username: 'ada', password: 'long enough' });
});

test('without an account and without the link it says where the link is', async () => {
  fakeServer({ 'GET /api/session/': { ...nobody, first_account: true } });
  renderPage(<SignIn />, '/sign-in');
  expect(await screen.findByText('There is no account yet')).toBeInTheDocument();
});
