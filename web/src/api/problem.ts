/**
 * A failed request as a value: what was wrong, where, and what may be done about it.
 * `detail` is one sentence for people; `fields` holds messages by field name.
 */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly fields: Readonly<Record<string, readonly string[]>> = {},
    readonly code = '',
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
    this.name = 'Problem';
  }

  get isUnreachable(): boolean {
    return this.status === 0;
  }

  of(field: string): string | null {
    return this.fields[field]?.join(' ') ?? null;
  }
}

const ofStatus: Readonly<Record<number, string>> = {
  401: 'You are not signed in.',
  403: 'You may not do this.',
  404: 'This does not exist, or it was deleted.',
  413: 'This is larger than the server takes.',
  429: 'Too many tries. Wait a little, then try again.',
  503: 'The server cannot do this at the moment. Try again shortly.',
};

export function unreachable(): Problem {
  return new Problem(0, 'The server does not answer. Check that it runs and that you are online.');
}

/** The problem that an answer's body tells, in any of the shapes that the interface has. */
export function problemOf(status: number, body: unknown, retryAfter: string | null): Problem {
  const wait = retryAfter === null ? null : Number.parseInt(retryAfter, 10) || null;
  const fallback = ofStatus[status] ?? `The server answered with status ${status}.`;
  if (!isRecord(body)) return new Problem(status, fallback, {}, '', wait);
  const code = typeof body.code === 'string' ? body.code : '';
  if (typeof body.detail === 'string') return new Problem(status, body.detail, {}, code, wait);
  const fields = messagesOf(isRecord(body.errors) ? body.errors : body);
  const general = fields.non_field_errors ?? fields.__all__;
  const names = Object.keys(fields);
  const first = names[0];
  const detail =
    general?.join(' ') ??
    (first === undefined ? fallback : `${first}: ${fields[first]?.join(' ') ?? ''}`);
  return new Problem(status, detail, fields, code, wait);
}

/** What was thrown, as a problem: also what is no answer of the server. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(-1, error instanceof Error ? error.message : String(error));
}

function messagesOf(record: Record<string, unknown>): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string') fields[name] = [value];
    else if (Array.isArray(value)) fields[name] = value.map(String);
  }
  return fields;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
