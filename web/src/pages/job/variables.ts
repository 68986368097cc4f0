/** The variables of a job as `…/variables/` tells them, and what the form makes of them. */
import { multipart, type FormPart } from './multipart';

export type Choice = [value: string, label: string];
export type ChoiceGroup = [group: string, choices: Choice[]];

export interface Variable {
  name: string;
  type: string;
  label?: string;
  /** Markdown, and the same as HTML that is safe to show. */
  help_text?: string;
  help_text_html?: string;
  required: boolean;
  default?: unknown;
  sensitive?: boolean;
  choices?: (Choice | ChoiceGroup)[];
  visible_if?: Record<string, unknown[]>;
  min_length?: number;
  max_length?: number;
  min_value?: number;
  max_value?: number;
  model?: string;
  display_field?: string;
  query_params?: Record<string, unknown>;
  null_option?: string;
}

/** A variable with what the answers so far make of it. */
export interface VariableState extends Variable {
  visible: boolean;
  value?: unknown;
  errors: string[];
}

export interface FormState {
  valid: boolean;
  variables: VariableState[];
  /** Messages by names that no variable has. */
  errors: Record<string, string[]>;
}

/** What a field holds: texts as they were typed, lists of texts, a switch, a file. */
export type Value = string | string[] | boolean | File | null;
export type Values = Record<string, Value>;

/** What stands before a field: the author's label, else the name as words. */
export function labelOf(variable: Variable): string {
  return variable.label || variable.name.replaceAll('_', ' ');
}

const switches = new Set(['BooleanVar', 'DryRunVar']);
const lists = new Set(['MultiChoiceVar', 'MultiObjectVar']);

/** The value with which a form holds "nothing". */
export function emptyValue(variable: Variable): Value {
  if (switches.has(variable.type)) return false;
  if (lists.has(variable.type)) return [];
  return variable.type === 'FileVar' ? null : '';
}

/** A value that came as JSON (a default, an input of an earlier run), as its field holds it. */
export function fieldValue(variable: Variable, given: unknown): Value {
  if (given === undefined || given === null || variable.type === 'FileVar') {
    return emptyValue(variable);
  }
  if (switches.has(variable.type)) return given === true || given === 'true' || given === 'on';
  if (lists.has(variable.type)) return (Array.isArray(given) ? given : [given]).map(plainText);
  if (variable.type === 'JSONVar') return JSON.stringify(given, null, 2);
  return plainText(given);
}

/** Objects are named by their id, wherever they come from. */
function plainText(given: unknown): string {
  if (typeof given === 'object' && given !== null) {
    return 'id' in given ? String(given.id) : JSON.stringify(given);
  }
  return String(given);
}

/** What an address says of a variable; undefined when nothing. */
export function valueOfAddress(variable: Variable, query: URLSearchParams): Value | undefined {
  if (!query.has(variable.name) || !isTold(variable)) return undefined;
  if (lists.has(variable.type)) return query.getAll(variable.name).filter((text) => text !== '');
  const text = query.get(variable.name)!;
  return switches.has(variable.type) ? fieldValue(variable, text) : text;
}

/** Whether a value may stand in an address or a command: no secret, and no file. */
export function isTold(variable: Variable): boolean {
  return !variable.sensitive && variable.type !== 'FileVar';
}

/**
 * What the form begins with: the address, else the inputs of the run that is run again, else the
 * defaults. A sensitive field begins empty always.
 */
export function firstValues(
  variables: Variable[],
  query: URLSearchParams,
  earlier: Record<string, unknown> = {},
): Values {
  const values: Values = {};
  for (const variable of variables) {
    const given = variable.name in earlier ? earlier[variable.name] : variable.default;
    const secret = variable.sensitive === true;
    values[variable.name] =
      valueOfAddress(variable, query) ??
      (secret ? emptyValue(variable) : fieldValue(variable, given));
  }
  return values;
}

/** Whether two values are the same as far as the server is concerned. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((text, i) => text === b[i]);
  }
  return a === b;
}

/** The address that opens the form filled in: what differs from the defaults, without secrets. */
export function addressOf(path: string, variables: Variable[], values: Values): string {
  const query = new URLSearchParams();
  for (const variable of variables) {
    const value = values[variable.name];
    const unchanged = sameValue(value, fieldValue(variable, variable.default));
    if (unchanged || value === undefined || !isTold(variable)) continue;
    if (Array.isArray(value)) {
      for (const text of value.length === 0 ? [''] : value) query.append(variable.name, text);
    } else {
      query.set(variable.name, String(value));
    }
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** What is asked of a run besides its inputs. */
export interface RunOptions {
  queue: string;
  ignoreSingletonLock: boolean;
}

/** A body as JSON, or as a form when it has a file. */
export type Body = Record<string, unknown> | Blob;

/**
 * The body of a run, or of the question what the form shows. With a file it is a form; the question
 * sends a stand-in for the file's content, on which no rule depends.
 */
export function bodyOf(
  values: Values,
  options: RunOptions,
  contents: 'files' | 'names' = 'files',
): Body {
  if (!Object.values(values).some((value) => value instanceof File)) {
    return {
      data: Object.fromEntries(Object.entries(values).map(([name, v]) => [name, v ?? ''])),
      ...(options.queue ? { job_queue: options.queue } : {}),
      ...(options.ignoreSingletonLock ? { ignore_singleton_lock: true } : {}),
    };
  }
  const parts = Object.entries(values).flatMap(([name, value]): FormPart[] => {
    if (value instanceof File) {
      return [{ name, file: value.name, content: contents === 'files' ? value : '-' }];
    }
    const texts = Array.isArray(value) && value.length > 0 ? value : [String(value ?? '')];
    return texts.map((content) => ({ name, content }));
  });
  if (options.queue) parts.push({ name: '_job_queue', content: options.queue });
  if (options.ignoreSingletonLock) parts.push({ name: '_ignore_singleton_lock', content: 'true' });
  return multipart(parts);
}

/** Whether a choice stands in a group. */
export function isGroup(choice: Choice | ChoiceGroup): choice is ChoiceGroup {
  return Array.isArray(choice[1]);
}

/** Where a text stops to be JSON, in words; null when it is JSON, or empty. */
export function jsonProblem(text: string): { line: number; message: string } | null {
  if (text.trim() === '') return null;
  try {
    JSON.parse(text);
    return null;
  } catch (problem) {
    const message = (problem as Error).message;
    const position = /position (\d+)/.exec(message);
    const line = /line (\d+)/.exec(message);
    const upTo = position ? text.slice(0, Number(position[1])) : text;
    return {
      line: line ? Number(line[1]) : upTo.split('\n').length,
      message: message
        .replace(/ (in JSON )?at position.*| at line.*/, '')
        .replace(/^JSON.parse: /, ''),
    };
  }
}

/** The path of the list that holds a model's objects, and the page that shows one of them. */
export const listsOfModels: Record<string, string> = {
  'extras.job': '/api/extras/jobs/',
  'extras.jobresult': '/api/extras/job-results/',
  'extras.jobqueue': '/api/extras/job-queues/',
  'extras.gitrepository': '/api/extras/git-repositories/',
  'extras.fileproxy': '/api/extras/file-proxies/',
  'users.user': '/api/users/users/',
};

/**
 * The query of a picker's list: the author's filters, with the values of the fields that they name
 * as `$field`, and what is searched for. A filter whose field is empty is left out.
 */
export function pickerQuery(variable: Variable, values: Values, search: string): string {
  const query = new URLSearchParams();
  for (const [name, given] of Object.entries(variable.query_params ?? {})) {
    for (const one of Array.isArray(given) ? given : [given]) {
      const refers = typeof one === 'string' && one.startsWith('$');
      const value = refers ? (values[one.slice(1)] ?? '') : String(one);
      for (const text of Array.isArray(value) ? value : [String(value)]) {
        if (text !== '') query.append(name, text);
      }
    }
  }
  if (search !== '') query.set('q', search);
  query.set('limit', '50');
  return query.toString();
}
