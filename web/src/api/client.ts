/**
 * The one way to the server. Calls are typed by `schema.ts`, which is made from the server's own
 * OpenAPI file; they go with the session's cookie and, when they change something, its CSRF token.
 * A refusal, and a server that does not answer, is a value: `Answer<T>`. Queries use `orThrow`.
 */
import createClient from 'openapi-fetch';
import { Problem, problemOf, unreachable } from './problem';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
let csrfToken = '';
const whenSignedOut = new Set<() => void>();

export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** Calls back when the server says that the session has ended; the answer stops that. */
export function onSignedOut(callback: () => void): () => void {
  whenSignedOut.add(callback);
  return () => void whenSignedOut.delete(callback);
}

/** The headers of a request that changes something, for what does not go through `api`. */
export function unsafeHeaders(): Record<string, string> {
  return csrfToken === '' ? {} : { 'X-CSRF-Token': csrfToken };
}

export const api = createClient<paths>({
  baseUrl: typeof location === 'undefined' ? '' : location.origin,
  credentials: 'same-origin',
  // `fetch` is looked up late: tests replace it.
  fetch: (request: Request) => globalThis.fetch(request),
});

api.use({
  onRequest({ request }) {
    request.headers.set('Accept', 'application/json');
    if (unsafe.has(request.method)) {
      for (const [name, value] of Object.entries(unsafeHeaders())) request.headers.set(name, value);
    }
    return request;
  },
});

/** JSON alone: the calls ask for it, though lists can also be CSV, which the types tell as text. */
type Json<T> = Exclude<T, string>;
type Fetched<T> = Promise<{ data?: T; error?: unknown; response: Response }>;

export async function answer<T>(fetched: Fetched<T>): Promise<Answer<Json<T>>> {
  try {
    const { data, error, response } = await fetched;
    if (response.ok) return { ok: true, value: data as Json<T> };
    return { ok: false, problem: refused(response, error) };
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    return { ok: false, problem: unreachable() };
  }
}

/** The value, or the problem thrown: what queries and mutations of React Query want. */
export async function orThrow<T>(fetched: Fetched<T>): Promise<Json<T>> {
  const answered = await answer(fetched);
  if (answered.ok) return answered.value;
  throw answered.problem;
}

/** The problem of a refused answer. Tells who listens when it means that nobody is signed in. */
export function refused(response: Response, body: unknown): Problem {
  if (response.status === 401) whenSignedOut.forEach((callback) => callback());
  return problemOf(response.status, body, response.headers.get('Retry-After'));
}
