// @vitest-environment node
import { readFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import * as prettier from 'prettier';
import { expect, test } from 'vitest';

test('schema.ts is what `npm run types` makes of openapi.json', async () => {
  const made = astToString(await openapiTS(await readFile('openapi.json', 'utf8')));
  const options = await prettier.resolveConfig('src/api/schema.ts');
  const wanted = await prettier.format(made, { ...options, parser: 'typescript' });
  const kept = await readFile('src/api/schema.ts', 'utf8');
  const code = (text: string) => text.slice(text.indexOf('export interface paths'));
  expect(code(kept) === code(wanted), 'Run `npm run types`.').toBe(true);
});
