/**
 * Requests that begin with the page, before its code is there. Who asks for the same later gets the
 * answer that is under way; each is given once, so that nobody is told something old.
 */
export interface EarlyAnswer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

const begun = new Map<string, Promise<EarlyAnswer<unknown>>>();

/** Begins to ask for these addresses of our server: "/api/session/". */
export function askEarly(addresses: readonly string[]): void {
  for (const address of addresses) {
    const answer = ask(address);
    answer.catch(() => undefined); // told to who takes it
    begun.set(address, answer);
  }
}

async function ask(address: string): Promise<EarlyAnswer<unknown>> {
  const response = await fetch(address, {
    credentials: 'same-origin',
    headers: { Accept: 'application/json' },
  });
  const body: unknown = await response.json().catch(() => undefined); // a refusal may have none
  return response.ok ? { data: body, response } : { error: body, response };
}

/** The answer under way to this address, if there is one, which is then given away; else that of `ask`. */
export function early<T>(
  address: string,
  ask: () => Promise<EarlyAnswer<T>>,
): Promise<EarlyAnswer<T>> {
  const answer = begun.get(address) as Promise<EarlyAnswer<T>> | undefined;
  begun.delete(address);
  return answer ?? ask();
}

/** Forgets what nobody asked for: after a while it is old. */
export function forgetEarly(): void {
  begun.clear();
}
