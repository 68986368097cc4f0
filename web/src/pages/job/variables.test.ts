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
    const file = new File(['content'], 'table.csv');
    const values = { a: 'x', list: ['1', '2'], none: [], on: true, file };
    const form = bodyOf(values, { queue: 'fast', ignoreSingletonLock: true }) as FormData;
    expect([...form].filter(([name]) => name !== 'file')).toEqual([
      ['a', 'x'],
      ['list', '1'],
      ['list', '2'],
      ['none', ''],
      ['on', 'true'],
      ['_job_queue', 'fast'],
      ['_ignore_singleton_lock', 'true'],
    ]);
    expect((form.get('file') as File).size).toBe(7);
    const question = bodyOf(values, options, 'names') as FormData;
    expect((question.get('file') as File).name).toBe('table.csv');
    expect((question.get('file') as File).size).toBe(1);
  });
});

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
