import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { copyAs, leftOut, pythonLiteral, shellWord, type CopyRequest } from './copyAs';
import type { Variable } from './variables';

const nasty = `it's "$HOME" \`id\` \\ back; newline\n ü 🙂 & | > {x} !`;

const variables: Variable[] = [
  { name: 'text', type: 'TextVar', required: true },
  { name: 'count', type: 'IntegerVar', required: true },
  { name: 'big', type: 'IntegerVar', required: false },
  { name: 'on', type: 'BooleanVar', required: false },
  { name: 'list', type: 'MultiChoiceVar', required: false },
  { name: 'document', type: 'JSONVar', required: false },
  { name: 'password', type: 'StringVar', required: true, sensitive: true },
  { name: 'upload', type: 'FileVar', required: false },
];

const request = (values: object = {}): CopyRequest => ({
  origin: 'http://127.0.0.1:8001',
  classPath: 'every_variable.Required',
  variables,
  values: {
    text: nasty,
    count: '7',
    big: '12345678901234567890',
    on: false,
    list: ['a', 'b'],
    document: '{"a": [1, null, true]}',
    password: 'hunter2',
    upload: null,
    ...values,
  },
  options: { queue: 'fast lane', ignoreSingletonLock: true },
});

const inputs = {
  text: nasty,
  count: 7,
  big: '12345678901234567890',
  on: false,
  list: ['a', 'b'],
  document: { a: [1, null, true] },
};

/** The words that a shell makes of a command. */
function words(command: string): string[] {
  const env = { PATH: process.env.PATH, WINDLASS_TOKEN: 'secret-token' };
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { env }).toString();
  return printed.split('\0').slice(1, -1);
}

/** What Python makes of an expression, as JSON. */
function python(expression: string): unknown {
  const code = `import json, sys; print(json.dumps(eval(sys.stdin.read())))`;
  return JSON.parse(execFileSync('python3', ['-c', code], { input: expression }).toString());
}

describe('words of a shell', () => {
  it('arrive as they are', () => {
    for (const text of [nasty, '', 'plain', "'", "''", '-x', '~', '*', 'a b']) {
      expect(words(`curl ${shellWord(text)}`)).toEqual([text]);
    }
  });
});

describe('Python literals', () => {
  it('are what JSON says', () => {
    const value = { ...inputs, nothing: [], none: {}, deep: [[{ a: null }]], '\u2028"': 1.5 };
    expect(python(pythonLiteral(value))).toEqual(value);
  });
});

describe('copy as curl', () => {
  it('sends the inputs as JSON', () => {
    const sent = words(copyAs('curl', request()));
    expect(sent).toContain('Authorization: Token secret-token');
    expect(JSON.parse(sent[sent.indexOf('-d') + 1]!)).toEqual({
      data: inputs,
      job_queue: 'fast lane',
      ignore_singleton_lock: true,
    });
    expect(sent.at(-1)).toBe('http://127.0.0.1:8001/api/extras/jobs/every_variable.Required/run/');
  });

  it('sends a form when there is a file', () => {
    const sent = words(
      copyAs('curl', request({ upload: new File(['x'], `my "best" file's.csv`) })),
    );
    expect(sent).toContain(`upload=@"my \\"best\\" file's.csv"`);
    expect(sent).toContain(`text=${nasty}`);
    expect(sent).toContain('list=a');
    expect(sent).toContain('list=b');
    expect(sent).toContain('document={"a":[1,null,true]}');
    expect(sent).toContain('_job_queue=fast lane');
    expect(sent).not.toContain('-d');
  });
});

describe('copy as runjob', () => {
  it('names the inputs, the files and the queue', () => {
    const sent = words(copyAs('runjob', request({ upload: new File(['x'], 'a b.csv') })));
    expect(JSON.parse(sent[sent.indexOf('--data') + 1]!)).toEqual(inputs);
    expect(sent[sent.indexOf('--file') + 1]).toBe('upload=a b.csv');
    expect(sent[sent.indexOf('--queue') + 1]).toBe('fast lane');
    expect(sent).toContain('--ignore-singleton-lock');
    expect(sent.at(-1)).toBe('every_variable.Required');
  });
});

describe('copy as Python', () => {
  it('is a program that Python reads', () => {
    for (const upload of [null, new File(['x'], 'a "b".csv')]) {
      const code = copyAs('python', request({ upload }));
      execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
        input: code,
      });
      expect(code.includes('files=')).toBe(upload !== null);
    }
  });
});

describe('secrets', () => {
  it('stand in none of them, and are named as left out', () => {
    for (const kind of ['curl', 'runjob', 'python'] as const) {
      expect(copyAs(kind, request())).not.toContain('hunter2');
    }
    expect(leftOut(request())).toEqual(['password']);
  });
});
