/**
 * Requests that begin with the page, before its code is there. Who asks for the same later gets the
 * answer that is under way; each is given once, so that nobody is told something old.
 */
const begun = new Map<string, Promise<Response>>();

/** Begins to ask for these addresses of our server: "/api/session/". */
export function askEarly(addresses: readonly string[]): void {
  for (const address of addresses) {
    const answer = fetch(address, {
      credentials: 'same-origin',
      headers: { Accept: 'application/json' },
    });
    answer.catch(() => undefined); // told to who takes it
    begun.set(address, answer);
  }
}

/** The answer under way to a request, if there is one; it is not there a second time. */
export function takeEarly(request: Request): Promise<Response> | undefined {
  if (begun.size === 0 || request.method !== 'GET') return undefined;
  const { pathname, search } = new URL(request.url);
  const answer = begun.get(pathname + search);
  begun.delete(pathname + search);
  return answer;
}

/** Forgets what nobody asked for: after a while it is old. */
export function forgetEarly(): void {
  begun.clear();
}
