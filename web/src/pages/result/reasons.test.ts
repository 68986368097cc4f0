import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adviceFor } from './reasons';

describe('advice', () => {
  it('is there for every code that the contract lists', () => {
    const states = readFileSync('../spec/job-states.md', 'utf8');
    const codes = [...states.matchAll(/^\| `(\w+)` \| (?:FAILURE|RETRY|REVOKED) \|/gm)];
    expect(codes.length).toBeGreaterThan(15);
    for (const [, code] of codes) expect(adviceFor(code!), code).not.toBe('');
  });
});
