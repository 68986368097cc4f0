import { describe, expect, it } from 'vitest';
import { cannotRepeat } from './repeat';

const text = { name: 'host', type: 'StringVar', required: true };
const secret = { name: 'password', type: 'StringVar', required: true, sensitive: true };
const file = { name: 'table', type: 'FileVar', required: false };

describe('running again with the same inputs', () => {
  it('can be done when all of them are known', () => {
    expect(cannotRepeat([], { task_kwargs: {} })).toBeNull();
    expect(cannotRepeat([text], { task_kwargs: { host: 'a' } })).toBeNull();
    expect(cannotRepeat([file], { task_kwargs: { table: null } })).toBeNull();
  });

  it('asks anew for what was not kept', () => {
    expect(cannotRepeat([text], { task_kwargs: {} })).toMatch(/secret/);
    expect(cannotRepeat([text, secret], { task_kwargs: { host: 'a' } })).toMatch(/password/);
    expect(cannotRepeat([file], { task_kwargs: { table: { name: 'a', size: 1 } } })).toMatch(
      /files/,
    );
  });
});
