/** Jobs from Git repositories: adding one, a commit that breaks, mending it, editing, removing. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { promisify } from 'node:util';
import { checkPage, desktop, launch, phone, picture, signIn, startServer, visit } from './harness.mjs';

let browser;
let server;
let page;
let faults;
let remote;

const job = (name) => `from nautobot.apps import jobs


class ${name}(jobs.Job):
    """Looks at **ports**."""

    class Meta:
        has_sensitive_variables = False

    def run(self):
        self.logger.info("looked at %s", "ports")


jobs.register_jobs(${name})
`;

const git = async (...words) => {
  const env = { PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1' };
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  const { stdout } = await promisify(execFile)('git', [...who, ...words], { cwd: remote, env });
  return stdout.trim();
};

/** Writes files, commits them, and returns the commit. */
async function commit(files) {
  for (const [name, text] of Object.entries(files)) await writeFile(join(remote, name), text);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'Change jobs');
  return git('rev-parse', 'HEAD');
}

before(async () => {
  browser = await launch();
  server = await startServer({ jobs: {} });
  remote = join(server.home, 'remote');
  await mkdir(remote);
  await git('init', '--quiet', '--initial-branch=main');
  ({ page, faults } = await visit(browser, server));
  await signIn(page);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
afterEach(() => assert.deepEqual(faults, []));

const ended = (status) => page.locator(`h1 ~ [data-status=${status}]`).waitFor();
const state = (name) => page.locator(`[data-state=${name}]`).first();
const short = (hash) => hash.slice(0, 10);

test('a repository is added, and its sync is watched', async () => {
  await commit({ '__init__.py': '' });
  const head = await commit({ 'jobs.py': job('Ports') });
  await page.getByRole('link', { name: 'Repositories', exact: true }).click();
  await page.getByText('No repository yet').waitFor();
  await checkPage(page, 'no repository');
  await page.getByRole('button', { name: 'Add a repository' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Name', { exact: true }).fill('Network jobs');
  await form.getByLabel('URL', { exact: true }).fill('https://ada:secret@example.com/net.git');
  await form.getByText('Token or password', { exact: true }).click();
  await form.getByText('More', { exact: true }).click();
  await form.getByRole('button', { name: 'Add and sync' }).click();
  await form.locator('[id$="-error"]').first().waitFor(); // credentials do not belong into the URL
  await checkPage(page, 'the form of a repository');
  await picture(page, 'repository-form');
  await form.getByText('None', { exact: true }).click();
  await form.getByLabel('URL', { exact: true }).fill(`file://${remote}`);
  await form.getByRole('button', { name: 'Add and sync' }).click();
  await page.waitForURL(/\/results\//);
  await ended('SUCCESS');
  await page.goto('/repositories');
  await state('fine').waitFor();
  await page.getByText(short(head)).waitFor();
  await page.goto('/jobs');
  await page.getByRole('heading', { name: 'Git repository network_jobs' }).waitFor();
  await page.getByRole('link', { name: 'Ports', exact: true }).click();
  await page.getByRole('link', { name: 'network_jobs', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Network jobs' }).waitFor();
});

test('a commit that does not import says why, and the one before serves until it is mended', async () => {
  const good = await git('rev-parse', 'HEAD');
  const bad = await commit({ 'jobs.py': 'import nothing_of_that_name\n' });
  await page.goto('/repositories/network_jobs');
  await page.getByRole('button', { name: 'Sync', exact: true }).click();
  await page.getByText(`Commit ${short(bad)} does not serve`).waitFor();
  await page.getByText('nothing_of_that_name').first().waitFor();
  await page.getByText(`The jobs of ${short(good)} go on running.`).waitFor();
  await picture(page, 'repository-failing');
  await checkPage(page, 'a repository that fails');
  await page.setViewportSize(phone);
  const next = await page.getByText(`The jobs of ${short(good)} go on running.`).boundingBox();
  assert.ok(next.x + next.width <= phone.width, 'what to do next fits on a phone');
  await page.setViewportSize(desktop);
  await page.goto('/repositories');
  await state('failing').waitFor();
  await checkPage(page, 'the list with a repository that fails');
  const mended = await commit({ 'jobs.py': job('Cables') });
  await page.getByRole('button', { name: 'Sync Network jobs' }).click();
  await state('fine').waitFor();
  await page.getByText(short(mended)).waitFor();
});

test('a dry run opens its log, and the history of syncs leads to each', async () => {
  await page.goto('/repositories/network_jobs');
  await page.getByRole('button', { name: 'Dry run' }).click();
  await page.waitForURL(/\/results\//);
  await ended('SUCCESS');
  await page.goto('/repositories/network_jobs');
  const syncs = page.getByRole('region', { name: 'Syncs' });
  await syncs.getByText('Dry Run').waitFor();
  assert.equal(await syncs.getByRole('listitem').count(), 4);
  await syncs.getByRole('link', { name: 'All' }).click();
  await page.waitForURL(/\/results\?repository=network_jobs/);
  await page.waitForFunction(() => globalThis.document.querySelectorAll('tbody tr').length === 4);
});

test('it is edited, and a secret that is kept is not shown', async () => {
  await page.goto('/repositories/network_jobs');
  const edit = async () => {
    await page.getByRole('button', { name: 'More for Network jobs' }).click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
  };
  await edit();
  const form = page.getByRole('dialog');
  await form.getByLabel('Looked at for new commits').selectOption('3600');
  await form.getByText('More', { exact: true }).click();
  await form.getByLabel('Webhook secret', { exact: true }).fill('rumpelstiltskin');
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Network jobs was changed.').waitFor();
  await page.getByText('Every hour').waitFor();
  await page.getByText('signed with the secret that was given').waitFor();
  await edit();
  await form.getByText('More', { exact: true }).click();
  await form.getByText('One is kept; leave this empty to keep it.').waitFor();
  assert.equal(await form.getByLabel('Webhook secret', { exact: true }).inputValue(), '');
  await page.keyboard.press('Escape');
});

test('the pages pass axe and fit, in light and dark and on a phone', async () => {
  for (const look of [{ scheme: 'light' }, { scheme: 'dark' }, { viewport: phone }]) {
    const other = await visit(browser, server, look);
    await signIn(other.page);
    for (const path of ['/repositories', '/repositories/network_jobs', '/jobs']) {
      await other.page.goto(path);
      await other.page.getByRole('heading', { level: 1 }).waitFor();
      const name = `${path.slice(1).replace('/', '-')}-${look.scheme ?? 'phone'}`;
      await picture(other.page, `git-${name}`);
      await checkPage(other.page, name);
    }
    assert.deepEqual(other.faults, []);
    await other.context.close();
  }
});

test('it is removed after asking, and its jobs with it', async () => {
  await page.goto('/repositories/network_jobs');
  await page.getByRole('button', { name: 'More for Network jobs' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByText('Results and logs stay').waitFor();
  await page.getByRole('button', { name: 'Remove the repository' }).click();
  await page.getByText('No repository yet').waitFor();
  await page.goto('/jobs');
  await page.getByText('not installed').first().waitFor();
});
