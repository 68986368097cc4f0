/** The page of a run: its live log, long logs, cancelling, files, how it ended. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { checkPage, functionalJobs, launch, patience, phone, picture, signIn, startServer, visit } from './harness.mjs';

let browser;
let server;
let page;
let faults;

before(async () => {
  browser = await launch();
  const jobs = await functionalJobs('files_out', 'retrying', 'logging_levels');
  jobs['gated.py'] = await readFile(new URL('jobs/gated.py', import.meta.url), 'utf8');
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

/** A FIFO: the job that reads it waits until it is opened. */
function gate(name) {
  const path = join(server.home, name);
  execFileSync('mkfifo', [path]);
  return { path, open: () => writeFile(path, '') };
}

const row = (text) => page.locator('[data-row]').filter({ hasText: text });
const ended = (status, timeout = patience) =>
  page.locator(`h1 ~ [data-status=${status}]`).waitFor({ timeout });
const log = () => page.getByRole('region', { name: 'Log entries' });
const distanceToEnd = () =>
  log().evaluate((one) => one.scrollHeight - one.clientHeight - one.scrollTop);

/** Waits until just this text is marked as found, wherever it stands. */
const marked = (text) =>
  page.waitForFunction((wanted) => {
    const ranges = [...(globalThis.CSS.highlights.get('found') ?? [])];
    return ranges.length > 0 && ranges.every((range) => String(range).toLowerCase() === wanted);
  }, text);

async function runJob(classPath, inputs = {}) {
  await page.goto(`/jobs/${classPath}?${new URLSearchParams(inputs)}`);
  await page.getByRole('button', { name: 'Run job' }).click();
  await page.waitForURL(/\/results\//);
}

test('a live log is followed, left, read anew in the middle, and taken up again', async () => {
  const opening = gate('follow');
  await runJob('gated.Steps', { gate: opening.path });
  await row('before 59').waitFor();
  await page.getByText('half way').waitFor();
  assert.match(await page.title(), /^▶ 50% Steps/);
  assert.ok((await distanceToEnd()) < 2);

  await log().hover();
  await page.mouse.wheel(0, -400);
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
  await page.reload();
  await row('before 59').waitFor();

  await log().hover();
  await page.mouse.wheel(0, -400);
  const follow = page.getByRole('button', { name: 'Follow', exact: true });
  await follow.waitFor();
  await opening.open();
  await page.waitForFunction(() => document.title.startsWith('✓'));
  assert.equal(await row('after 59').count(), 0); // the reader stayed where they were
  await log().focus();
  await page.keyboard.press('End');
  await row('after 59').waitFor();
  assert.equal(await page.getByRole('tab', { name: /^Log/ }).textContent(), 'Log122');
  assert.match(await page.locator('link[rel=icon]').getAttribute('href'), /^data:image/);

  await page.getByRole('tab', { name: /^Console/ }).click();
  await page.getByText('<b>plain</b>').waitFor();
  assert.equal(await page.getByText('red', { exact: true }).count(), 1);
  await page.getByRole('searchbox', { name: 'Search the output' }).fill('PLAIN');
  await marked('plain');
  await checkPage(page, 'the console');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the output' }).click();
  await page.getByRole('menuitem', { name: 'Text of what is shown' }).click();
  const written = await readFile(await (await saved).path(), 'utf8');
  assert.equal(written, '\x1b[31mred\x1b[0m <b>plain</b>\n');
  await page.getByText('stderr', { exact: true }).click();
  await page.getByText('No line matches').waitFor();
});

test('a run that is followed to its end shows the last line', async () => {
  const opening = gate('to-the-end');
  await runJob('gated.Steps', { gate: opening.path });
  await row('before 59').waitFor();
  await opening.open();
  await row('after 59').waitFor();
  await ended('SUCCESS');
});

test('a run is cancelled, after what that means was read', async () => {
  const opening = gate('cancel');
  await runJob('gated.Steps', { gate: opening.path });
  await row('before 59').waitFor();
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByText('nothing is undone').waitFor();
  await page.getByRole('button', { name: 'Cancel the run' }).click();
  await ended('REVOKED');
  await page.getByText('What the job had done until then stays done.').waitFor();
});

test('a long log is read at any place', async () => {
  await runJob('gated.LongLog');
  await ended('SUCCESS', 6 * patience);
  const id = page.url().split('/').pop();
  await page.goto(`/results/${id}#line-200001`);
  await row('entry number 200000').waitFor();
  await page.getByRole('textbox', { name: 'Jump to line' }).fill('399001');
  await page.keyboard.press('Enter');
  await row('entry number 399000').waitFor();
  assert.match(page.url(), /#line-399001$/);
  await log().focus();
  await page.keyboard.press('End');
  await row('Job completed').waitFor();
  await page.keyboard.press('Home');
  await row('Running job').waitFor();

  await page.getByRole('button', { name: /^Warning/ }).click();
  await row('entry number 300000').waitFor();
  assert.equal(await row('entry number').count(), 4);
  await row('entry number 300000').getByRole('link').first().click(); // in the whole log
  await row('entry number 300001').waitFor();
  assert.match(page.url(), /#line-300001$/);

  await page.getByRole('searchbox', { name: 'Search the log' }).fill('number 123456');
  await row('entry number 123456').waitFor();
  assert.equal(await page.locator('[data-row]').count(), 1);
  await marked('number 123456');
});

test('groups fold', async () => {
  await runJob('logging_levels.Logs');
  await ended('SUCCESS');
  await page.getByRole('button', { name: 'Fold by grouping' }).click();
  const group = page.getByRole('button', { name: /^Info initialization/ });
  await group.waitFor();
  assert.equal(await row('Running job').count(), 0);
  await group.click();
  await row('Running job').waitFor();
});

test('the log and a file are downloaded', async () => {
  await runJob('files_out.Files');
  await ended('SUCCESS');
  await page.getByRole('button', { name: 'Download the log' }).click();
  const text = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Text of the whole log' }).click();
  assert.match(await readFile(await (await text).path(), 'utf8'), /Job completed/);

  await page.getByRole('tab', { name: /^Files/ }).click();
  const file = page.waitForEvent('download');
  const line = page.getByRole('row').filter({ hasText: 'report.txt' });
  await line.getByRole('link', { name: 'Download' }).click();
  assert.equal((await file).suggestedFilename(), 'report.txt');
  assert.equal(await readFile(await (await file).path(), 'utf8'), 'text');
});

test('attempts are told one by one', async () => {
  await runJob('retrying.Flaky');
  await ended('SUCCESS');
  await page.getByRole('tab', { name: /^Attempts/ }).click();
  await page.getByRole('listitem').filter({ hasText: 'Attempt 3' }).waitFor();
});

test('a failed run says why and what to do, and shows the lines of its code', async () => {
  await runJob('retrying.Flaky', { succeed_at: '9' });
  await ended('FAILURE');
  await page.getByText('Correct the job or its inputs, then run it again.').waitFor();
  await page.getByRole('link', { name: 'Show the traceback' }).click();
  const line = page.locator('[data-here]').first();
  await line.getByText('raise').waitFor();
  await picture(page, 'result-traceback');
  await checkPage(page, 'a traceback');
});

test('running again with the same inputs opens the new run', async () => {
  const before = page.url();
  await page.getByRole('button', { name: 'Run again', exact: true }).click();
  await page.waitForURL((url) => url.pathname !== new URL(before).pathname);
  await ended('FAILURE');
});

test('a run passes axe and fits, in light and dark and on a phone', async () => {
  const { pathname } = new URL(page.url());
  for (const look of [{ scheme: 'light' }, { scheme: 'dark' }, { viewport: phone }]) {
    const other = await visit(browser, server, look);
    await signIn(other.page);
    for (const tab of ['log', 'inputs', 'files', 'attempts']) {
      await other.page.goto(`${pathname}?tab=${tab}`);
      await other.page.getByRole('tab', { name: /^Log/ }).waitFor();
      const name = `result-${tab}-${look.scheme ?? 'phone'}`;
      await picture(other.page, name);
      await checkPage(other.page, name);
    }
    assert.deepEqual(other.faults, []);
    await other.context.close();
  }
});
