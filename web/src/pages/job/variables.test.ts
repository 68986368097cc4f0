import { describe, expect, it } from 'vitest';
import {
  addressOf,
  bodyOf,
  fieldValue,
  firstValues,
  jsonProblem,
  labelOf,
  pickerQuery,
  type Variable,
} from './variables';

const variable = (name: string, type: string, more: Partial<Variable> = {}): Variable => ({
  name,
  type,
  required: true,
  ...more,
});

const variables = [
  variable('host_name', 'StringVar', { default: 'sw-1' }),
  variable('count', 'IntegerVar', { default: 0 }),
  variable('dryrun', 'DryRunVar', { default: true }),
  variable('colours', 'MultiChoiceVar', { default: ['red', 'blue'] }),
  variable('document', 'JSONVar', { default: { a: [1] } }),
  variable('queue', 'ObjectVar'),
  variable('password', 'StringVar', { sensitive: true, default: 'never' }),
  variable('upload', 'FileVar'),
];
const none = new URLSearchParams();
const options = { queue: '', ignoreSingletonLock: false };

describe('labels', () => {
  it('are the label of the author, else the name as words', () => {
    expect(labelOf(variable('some_text_input', 'StringVar'))).toBe('some text input');
    expect(labelOf(variable('x', 'StringVar', { label: 'Label' }))).toBe('Label');
  });
});

describe('first values', () => {
  it('are the defaults, as a field holds them', () => {
    expect(firstValues(variables, none)).toEqual({
      host_name: 'sw-1',
      count: '0',
      dryrun: true,
      colours: ['red', 'blue'],
      document: '{\n  "a": [\n    1\n  ]\n}',
      queue: '',
      password: '',
      upload: null,
    });
  });

  it('are those of the address before those of an earlier run', () => {
    const query = new URLSearchParams('count=7&dryrun=false&colours=green&colours=7&password=x');
    const earlier = { host_name: 'old', count: 3, queue: { id: 'q-1' }, upload: { name: 'a' } };
    expect(firstValues(variables, query, earlier)).toMatchObject({
      host_name: 'old',
      count: '7',
      dryrun: false,
      colours: ['green', '7'],
      queue: 'q-1',
      password: '',
      upload: null,
    });
  });

  it('keep an input that an earlier run left empty', () => {
    expect(firstValues(variables, none, { host_name: '', colours: [] })).toMatchObject({
      host_name: '',
      colours: [],
      count: '0',
    });
  });
});

describe('the address of a filled form', () => {
  it('names what is not as by default, and no secret', () => {
    const values = firstValues(variables, none);
    expect(addressOf('/jobs/a.B', variables, values)).toBe('/jobs/a.B');
    values.host_name = 'ä & b';
    values.colours = [];
    values.password = 'hunter2';
    values.upload = new File(['x'], 'x.txt');
    const address = addressOf('/jobs/a.B', variables, values);
    expect(address).toBe('/jobs/a.B?host_name=%C3%A4+%26+b&colours=');
    const again = firstValues(variables, new URLSearchParams(address.split('?')[1]));
    expect([again.host_name, again.colours]).toEqual(['ä & b', []]);
  });
});

describe('the body of a run', () => {
  it('is JSON that names every input, also those that were emptied', () => {
    const body = bodyOf({ a: '', b: [], c: false, d: null }, options);
    expect(body).toEqual({ data: { a: '', b: [], c: false, d: '' } });
    expect(bodyOf({}, { queue: 'fast', ignoreSingletonLock: true })).toEqual({
      data: {},
      job_queue: 'fast',
      ignore_singleton_lock: true,
    });
  });

  it('is a form when there is a file', async () => {
    const file = new File(['content'], 'my "best" table.csv');
    const values = { a: 'x\ny', list: ['1', '2'], none: [], on: true, file, no: null };
    const form = await textOf(bodyOf(values, { queue: 'fast', ignoreSingletonLock: true }));
    expect(form).toEqual([
      ['name="a"', 'x\ny'],
      ['name="list"', '1'],
      ['name="list"', '2'],
      ['name="none"', ''],
      ['name="on"', 'true'],
      ['name="file"; filename="my %22best%22 table.csv"', 'content'],
      ['name="no"', ''],
      ['name="_job_queue"', 'fast'],
      ['name="_ignore_singleton_lock"', 'true'],
    ]);
    const question = await textOf(bodyOf(values, options, 'names'));
    expect(question).toContainEqual(['name="file"; filename="my %22best%22 table.csv"', '-']);
  });
});

/** The parts of a form: what names each, and its content. */
async function textOf(body: unknown): Promise<[string, string][]> {
  const blob = body as Blob;
  const boundary = /boundary=(.*)$/.exec(blob.type)![1]!;
  const text = await new Promise<string>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.readAsText(blob);
  });
  const parts = text.split(`--${boundary}`);
  expect([parts[0], parts.at(-1)]).toEqual(['', '--\r\n']);
  return parts.slice(1, -1).map((part) => {
    const [head = '', content = ''] = part.slice(2, -2).split('\r\n\r\n');
    return [/form-data; (.*)/.exec(head)![1]!, content];
  });
}

describe('values that came as JSON', () => {
  it('are what their field holds', () => {
    expect(fieldValue(variable('x', 'MultiObjectVar'), [{ id: 'a' }, 'b'])).toEqual(['a', 'b']);
    expect(fieldValue(variable('x', 'JSONVar'), 'text')).toBe('"text"');
    expect(fieldValue(variable('x', 'BooleanVar'), 'on')).toBe(true);
    expect(fieldValue(variable('x', 'ObjectVar'), null)).toBe('');
  });
});

describe('JSON that is wrong', () => {
  it('is told with its line', () => {
    expect(jsonProblem('')).toBeNull();
    expect(jsonProblem('{"a": 1}')).toBeNull();
    expect(jsonProblem('{\n  "a": 1,\n  b: 2\n}')!.line).toBe(3);
    expect(jsonProblem('{\n"a": [1,\n')!.line).toBe(3);
  });
});

describe('the list of an object picker', () => {
  it('is filtered by what other fields hold', () => {
    const picker = variable('run', 'ObjectVar', {
      query_params: { status: '$state', enabled: true, name: ['$names', 'fixed'] },
    });
    const query = pickerQuery(picker, { state: 'FAILURE', names: ['a', 'b'] }, 'sw');
    expect(query).toBe('status=FAILURE&enabled=true&name=a&name=b&name=fixed&q=sw&limit=50');
    expect(pickerQuery(picker, { state: '' }, '')).toBe('enabled=true&name=fixed&limit=50');
  });
});
