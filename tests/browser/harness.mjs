/**
 * What the browser tests share: the real binary in a temporary home, Debian's Chromium, and pages that are watched. A page that
 * asks anything of another host, breaks, or has something that axe finds, fails its test.
 */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(join(root, 'web', 'package.json'));
const { chromium } = require('playwright-core');
const axe = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');

const binary = process.env.WINDLASS_BINARY ?? join(root, 'build', 'release', 'windlass');
const screens = process.env.WINDLASS_SCREENS ?? join(root, 'build', 'screens');
export const patience = 20_000; // of the slowest step on a loaded machine
export const account = { username: 'ada', password: 'correct horse battery' };

/** A server on a port of its own. `jobs`: files of the jobs folder, by name; else the examples. */
export async function startServer({ jobs = null, withAccount = true, options = [] } = {}) {
  const home = await mkdtemp(join(tmpdir(), 'windlass-browser-'));
  const folder = join(home, 'jobs');
  await mkdir(folder);
  for (const name of jobs === null ? ['files.py', 'forms.py', 'long_work.py', 'my_group.py'] : [])
    await copyFile(join(root, 'examples', 'jobs', name), join(folder, name));
  for (const [name, text] of Object.entries(jobs ?? {})) await writeFile(join(folder, name), text);
  const run = async (...words) => {
    const env = { ...process.env, WINDLASS_SUPERUSER_PASSWORD: account.password };
    const { stdout } = await promisify(execFile)(binary, ['--home', home, ...words], { env });
    return stdout;
  };
  if (withAccount) await run('createsuperuser', '--username', account.username, '--noinput');
  await run('migrate'); // the records of the jobs are there before anybody asks for one
  const child = spawn(binary, ['--home', home, 'start', '--listen', '127.0.0.1:0', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  const ready = await new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready:\n${said.join('')}`)), patience);
    const heard = (chunk) => {
      said.push(chunk.toString());
      const found = /ready on (http:\/\/\S+)/.exec(said.join(''));
      if (found === null) return;
      clearTimeout(timer);
      resolve(found[1].replace(/\/$/, ''));
    };
    child.stdout.on('data', heard);
    child.stderr.on('data', heard);
    child.on('exit', (status) => reject(new Error(`ended with ${status}:\n${said.join('')}`)));
  });
  return {
    url: ready,
    home,
    jobs: folder,
    /** Runs a command on this home; what it prints. */
    run,
    /** All that it has printed. */
    said: () => said.join(''),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Job files of tests/functional/jobs by their names, as `startServer` takes them. */
export async function functionalJobs(...names) {
  const read = (name) => readFile(join(root, 'tests', 'functional', 'jobs', `${name}.py`), 'utf8');
  const files = names.map(async (name) => [`${name}.py`, await read(name)]);
  return Object.fromEntries(await Promise.all(files));
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export const desktop = { width: 1360, height: 860 };
export const phone = { width: 360, height: 760 };

/** A page of a visitor of their own. `faults()` is what went wrong in it so far. */
export async function visit(browser, server, { scheme = 'light', viewport = desktop } = {}) {
  const context = await browser.newContext({
    baseURL: server.url,
    viewport,
    colorScheme: scheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`broke: ${error.message}`));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== server.url) faults.push(`asked ${origin}`);
  });
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text());
  });
  return { page, context, faults };
}

export async function signIn(page) {
  await page.goto('/sign-in');
  await page.getByLabel('User name').fill(account.username);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
}

/** WCAG AA as far as a program can tell, and nothing wider than the window. */
export async function checkPage(page, name) {
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  // Past the policy of the page, which lets no script in but its own.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe });
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
  await session.detach();
  assert.deepEqual(found, [], `axe on ${name}`);
  const { scrollWidth, clientWidth } = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return { scrollWidth, clientWidth };
  });
  assert.ok(scrollWidth <= clientWidth, `${name} is ${scrollWidth - clientWidth} px too wide`);
}

/** Keeps a picture of what a page looks like; `docs` shows some of them. */
export async function picture(page, name) {
  await mkdir(dirname(join(screens, name)), { recursive: true });
  await page.screenshot({ path: join(screens, `${name}.png`), animations: 'disabled' });
}
