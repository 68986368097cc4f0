/** A server for component tests: what each request answers, and which requests came. */
import { vi } from 'vitest';

interface Came {
  method: string;
  path: string;
  body: unknown;
}

/**
 * `answers`: "GET /api/session/" → its JSON, or [status, JSON], or a function of the query. Anything else
 * fails the request.
 */
export function fakeServer(answers: Record<string, unknown>): Came[] {
  const came: Came[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname: path, search } = new URL(request.url);
    const text = await request.text();
    came.push({
      method: request.method,
      path: path + search,
      body: text === '' ? null : JSON.parse(text),
    });
    const name = `${request.method} ${path}`;
    if (!(name in answers)) throw new TypeError(`no answer for ${name}`);
    const given = answers[name];
    const found = typeof given === 'function' ? given(search) : given;
    const [status, body] =
      Array.isArray(found) && typeof found[0] === 'number' ? [found[0], found[1]] : [200, found];
    return new Response(status === 204 ? null : JSON.stringify(body), {
      status: status as number,
      headers: { 'Content-Type': 'application/json' },
    });
  });
  return came;
}
