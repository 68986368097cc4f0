/** Running a job from its page: every kind of variable, live rules, links, running again. */
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { checkPage, functionalJobs, launch, phone, picture, signIn, startServer, visit } from './harness.mjs';

let browser;
let server;
let page;
let faults;

before(async () => {
  browser = await launch();
  const jobs = await functionalJobs(
    ...['every_variable', 'computed_choices', 'visible_if', 'object_variables'],
    ...['sensitive_field', 'dry_run', 'grouped_choices'],
  );
  server = await startServer({ jobs });
  await server.run('jobs', 'enable', '--all');
  ({ page, faults } = await visit(browser, server));
  await signIn(page);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => assert.deepEqual(faults, []));

const field = (label) => page.getByLabel(label, { exact: true }).first();
const choose = async (label, ...options) => {
  await field(label).click();
  for (const name of options) await page.getByRole('option', { name }).click();
  await page.keyboard.press('Escape');
};
const run = () => page.getByRole('button', { name: 'Run job' }).click();
const ended = (status) => page.locator(`h1 ~ [data-status=${status}]`).waitFor();

test('every kind of variable is filled in, checked by the server, and arrives', async () => {
  await page.goto('/jobs/every_variable.Required');
  await run();
  await page.getByText('12 fields need a change.').waitFor();
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'string');

  await field('string').fill('ab cd');
  await field('text').fill('line 1\nline 2');
  await field('integer').fill('11');
  await field('boolean').check();
  await choose('choice', 'Blue');
  await choose('choices', 'Red', 'Seven');
  await field('queue').click();
  await page.keyboard.type('defau');
  await page.getByRole('option', { name: 'default' }).click();
  await choose('queues', 'default');
  await field('document').fill('{\n "a": 1,\n b\n}');
  await page.getByText(/^Line 3:/).waitFor();
  await field('document').fill('{"a": [1, null]}');
  await field('address').fill('192.0.2.1');
  await field('interface').fill('192.0.2.1/24');
  await field('network').fill('192.0.2.1/24');
  await field('upload').setInputFiles({
    name: 'table.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('a,b\n'),
  });

  await page.getByText('Ensure this value is less than or equal to 10.').waitFor();
  await page.locator('[data-field=network][data-wrong]').waitFor();
  await field('integer').fill('10');
  await field('network').fill('192.0.2.0/24');
  await run();
  await ended('SUCCESS');
  await page.getByRole('tab', { name: 'Inputs' }).click();
  const inputs = page.getByRole('tree', { name: 'Inputs' });
  await inputs.getByText('"line 1\\nline 2"').waitFor();
  for (const text of ['"ab cd"', '"blue"', '"red"', '"192.0.2.0/24"', '"table.csv"']) {
    assert.equal(await inputs.getByText(text, { exact: true }).count(), 1, text);
  }
});

test('running again with changed inputs opens the form filled in', async () => {
  await page.getByRole('button', { name: 'More ways to run again' }).click();
  await page.getByRole('menuitem', { name: 'With changed inputs' }).click();
  await page.waitForURL(/\/jobs\/every_variable\.Required\?_from=/);
  assert.equal(await field('integer').inputValue(), '10');
  assert.equal(await field('text').inputValue(), 'line 1\nline 2');
  assert.equal(await field('choice').inputValue(), 'Blue');
  await page.getByText('Drop a file here, or choose one').waitFor(); // files are not kept
});

test('fields come, go and change their choices without taking the focus or the text', async () => {
  await page.goto('/jobs/visible_if.Cable');
  await choose('kind', 'Fibre');
  await field('length').fill('12');
  await choose('mode', 'Single');
  await choose('kind', 'None');
  await field('mode').waitFor({ state: 'detached' });
  await choose('kind', 'Copper');
  assert.equal(await field('length').inputValue(), '12');

  await page.goto('/jobs/computed_choices.Sites');
  await choose('region', 'EMEA');
  await field('site').click();
  await page.getByRole('option', { name: 'Paris' }).waitFor();
  await page.keyboard.press('Escape');
  await field('password').click();
  await page.keyboard.type('secret');
  await choose('region', 'Broken');
  await page.getByText('the inventory does not answer').waitFor();
  assert.equal(await field('password').inputValue(), 'secret');
});

test('the copied link opens the form filled in, without its secret', async () => {
  await page.goto('/jobs/sensitive_field.OneSecret');
  await field('host').fill('sw 1 & 2');
  await field('secret').fill('hunter2');
  await page.getByRole('button', { name: 'Copy as…' }).click();
  const shown = page.getByLabel('What to copy');
  const link = await shown.innerText();
  await page.getByText('Python', { exact: true }).click();
  await page.getByText('add secret.').waitFor();
  assert.ok(!(await shown.innerText()).includes('hunter2'));
  assert.ok(!link.includes('hunter2'));
  await page.goto(link);
  assert.equal(await field('host').inputValue(), 'sw 1 & 2');
  assert.equal(await field('secret').inputValue(), '');
  assert.equal(await field('secret').getAttribute('type'), 'password');
});

test('a picker is filtered by another field, and offers its null option', async () => {
  await page.goto('/jobs/object_variables.Objects');
  await field('run of').click();
  await page.getByRole('option', { name: 'Required' }).first().waitFor();
  await page.getByRole('option', { name: 'None of them' }).waitFor();
  await page.keyboard.press('Escape');
  await choose('state', 'Failed');
  await field('run of').click();
  await page.getByRole('option', { name: 'None of them' }).waitFor();
  await page.getByRole('option', { name: 'Required' }).first().waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
});

test('a disabled job is enabled on its page, and then runs', async () => {
  await server.run('jobs', 'disable', 'dry_run.Careful');
  await page.goto('/jobs/dry_run.Careful');
  assert.ok(await page.getByRole('button', { name: 'Run job' }).isDisabled());
  await page.getByRole('button', { name: 'Enable' }).click();
  await page.getByRole('button', { name: 'Disable' }).waitFor();
  await field('dryrun').check();
  await run();
  await ended('SUCCESS');
});

test('a form passes axe and fits, in light and dark and on a phone', async () => {
  const looks = [{ scheme: 'light' }, { scheme: 'dark' }, { viewport: phone }];
  for (const look of looks) {
    const other = await visit(browser, server, look);
    await signIn(other.page);
    await other.page.goto('/jobs/every_variable.Required');
    await other.page.getByRole('button', { name: 'Run job' }).click();
    await other.page.getByText('12 fields need a change.').waitFor();
    const name = `form-${look.scheme ?? 'phone'}`;
    await picture(other.page, name);
    await checkPage(other.page, name);
    assert.deepEqual(other.faults, []);
    await other.context.close();
  }
});
