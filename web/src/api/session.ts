/** Who is signed in. Every answer about the session brings the CSRF token of what follows. */
import { sessionAddress } from './addresses';
import { answer, api, setCsrfToken, type Answer, type Schemas } from './client';
import { early } from './early';

export type Session = Schemas['Session'];

export async function readSession(): Promise<Answer<Session>> {
  return remember(await answer(early(sessionAddress, () => api.GET('/api/session/'))));
}

export async function signIn(username: string, password: string): Promise<Answer<Session>> {
  return remember(await answer(api.POST('/api/session/', { body: { username, password } })));
}

export async function makeFirstAccount(
  code: string,
  username: string,
  password: string,
): Promise<Answer<Session>> {
  const body = { code, username, password };
  return remember(await answer(api.POST('/api/session/first-account/', { body })));
}

export async function signOut(): Promise<Answer<unknown>> {
  return answer(api.DELETE('/api/session/'));
}

function remember(answered: Answer<Session>): Answer<Session> {
  if (answered.ok) setCsrfToken(answered.value.csrf_token);
  return answered;
}
