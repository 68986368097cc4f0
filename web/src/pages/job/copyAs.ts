/** The run that a form would ask for, as something to paste elsewhere. Secrets are left out. */
import { isTold, type RunOptions, type Values, type Variable } from './variables';

export type CopyKind = 'curl' | 'runjob' | 'python';

export interface CopyRequest {
  /** Where the server is, as `https://host`. */
  origin: string;
  classPath: string;
  variables: Variable[];
  values: Values;
  options: RunOptions;
}

/** A text as one word of a POSIX shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Data as a Python literal. */
export function pythonLiteral(value: unknown, indent = ''): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value !== 'object') return JSON.stringify(value);
  const inner = `${indent}    `;
  const parts = Array.isArray(value)
    ? value.map((one) => pythonLiteral(one, inner))
    : Object.entries(value).map(
        ([name, one]) => `${JSON.stringify(name)}: ${pythonLiteral(one, inner)}`,
      );
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (parts.length === 0) return `${open}${close}`;
  return `${open}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}${close}`;
}

/** The inputs that may be told, as JSON has them. Fields left empty are left out. */
export function toldInputs(variables: Variable[], values: Values): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const variable of variables) {
    const value = values[variable.name];
    if (!isTold(variable) || value === undefined || value === null) continue;
    const empty = value === '' || (Array.isArray(value) && value.length === 0);
    if (empty && variable.default === undefined) continue;
    inputs[variable.name] = jsonValue(variable, value);
  }
  return inputs;
}

/** Numbers beyond what this language counts exactly stay text, which the server reads as well. */
function jsonValue(variable: Variable, value: unknown): unknown {
  if (typeof value !== 'string' || /\d{16}/.test(value)) return value;
  if (variable.type === 'IntegerVar' && /^-?\d+$/.test(value)) return Number(value);
  if (variable.type !== 'JSONVar') return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? value : parsed;
  } catch {
    return value;
  }
}

/** Names of the inputs that whoever pastes it has to add. */
export function leftOut({ variables, values }: CopyRequest): string[] {
  return variables
    .filter((one) => one.sensitive && (one.required || Boolean(values[one.name])))
    .map((one) => one.name);
}

function chosenFiles({ variables, values }: CopyRequest): [name: string, file: string][] {
  const files: [string, string][] = [];
  for (const variable of variables) {
    const value = values[variable.name];
    if (value instanceof File && !variable.sensitive) files.push([variable.name, value.name]);
  }
  return files;
}

export function copyAs(kind: CopyKind, request: CopyRequest): string {
  return { curl: asCurl, runjob: asRunjob, python: asPython }[kind](request);
}

function runUrl({ origin, classPath }: CopyRequest): string {
  return `${origin}/api/extras/jobs/${encodeURIComponent(classPath)}/run/`;
}

function lines(parts: string[]): string {
  return parts.join(' \\\n  ');
}

/** In a form every input is text; curl takes what begins with @ or < for a file but not here. */
function formParts(request: CopyRequest): [name: string, value: string][] {
  const parts: [string, string][] = [];
  for (const [name, value] of Object.entries(toldInputs(request.variables, request.values))) {
    const texts = Array.isArray(request.values[name]) ? (value as string[]) : [value];
    for (const one of texts)
      parts.push([name, typeof one === 'string' ? one : JSON.stringify(one)]);
  }
  if (request.options.queue) parts.push(['_job_queue', request.options.queue]);
  if (request.options.ignoreSingletonLock) parts.push(['_ignore_singleton_lock', 'true']);
  return parts;
}

function jsonBody({ variables, values, options }: CopyRequest): Record<string, unknown> {
  return {
    data: toldInputs(variables, values),
    ...(options.queue ? { job_queue: options.queue } : {}),
    ...(options.ignoreSingletonLock ? { ignore_singleton_lock: true } : {}),
  };
}

function asCurl(request: CopyRequest): string {
  const files = chosenFiles(request);
  const head = ['curl', '-H "Authorization: Token $WINDLASS_TOKEN"'];
  if (files.length === 0) {
    const body = `-d ${shellWord(JSON.stringify(jsonBody(request)))}`;
    return lines([
      ...head,
      '-H "Content-Type: application/json"',
      body,
      shellWord(runUrl(request)),
    ]);
  }
  const texts = formParts(request).map(([name, v]) => `--form-string ${shellWord(`${name}=${v}`)}`);
  const uploads = files.map(([name, file]) => `-F ${shellWord(`${name}=@"${curlName(file)}"`)}`);
  return lines([...head, ...texts, ...uploads, shellWord(runUrl(request))]);
}

/** A file's name between curl's own quotes. */
function curlName(file: string): string {
  return file.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}

function asRunjob(request: CopyRequest): string {
  const { classPath, variables, values, options } = request;
  const inputs = toldInputs(variables, values);
  const parts = ['windlass runjob'];
  if (Object.keys(inputs).length > 0) parts.push(`--data ${shellWord(JSON.stringify(inputs))}`);
  for (const [name, file] of chosenFiles(request)) {
    parts.push(`--file ${shellWord(`${name}=${file}`)}`);
  }
  if (options.queue) parts.push(`--queue ${shellWord(options.queue)}`);
  if (options.ignoreSingletonLock) parts.push('--ignore-singleton-lock');
  return lines([...parts, shellWord(classPath)]);
}

function asPython(request: CopyRequest): string {
  const files = chosenFiles(request);
  const inputs =
    files.length === 0
      ? `    json=${pythonLiteral(jsonBody(request), '    ')},`
      : `    data=${pythonLiteral(formParts(request), '    ')},\n` +
        `    files={${files
          .map(([name, file]) => `${JSON.stringify(name)}: open(${JSON.stringify(file)}, "rb")`)
          .join(', ')}},`;
  return [
    'import os',
    '',
    'import requests',
    '',
    'answer = requests.post(',
    `    ${JSON.stringify(runUrl(request))},`,
    '    headers={"Authorization": f"Token {os.environ[\'WINDLASS_TOKEN\']}"},',
    inputs,
    '    timeout=30,',
    ')',
    'answer.raise_for_status()',
    'print(answer.json()["job_result"]["url"])',
  ].join('\n');
}
