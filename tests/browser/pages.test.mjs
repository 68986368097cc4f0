/** The pages but the run form and the result: what a visitor does with them, in Chromium. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import {
  account,
  checkPage,
  launch,
  phone,
  picture,
  signIn,
  startServer,
  visit,
} from './harness.mjs';

let browser;
let server;
let visitor;
before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});
afterEach(async () => {
  await visitor?.context.close();
  assert.deepEqual(visitor?.faults ?? [], []);
});

/** Runs a job to its end. */
function runJob(classPath, inputs) {
  const data = JSON.stringify(inputs);
  return server.run('runjob', '--username', account.username, '--data', data, classPath);
}

async function open(options) {
  visitor = await visit(browser, server, options);
  return visitor.page;
}

describe('a new home', () => {
  before(async () => {
    server = await startServer({ jobs: {}, withAccount: false });
  });
  after(() => server.stop());

  test('the one-time link makes the account, and the page says what to do first', async () => {
    const page = await open();
    const link = /http:\S+\/sign-in#code=\w+/.exec(server.said())?.[0];
    assert.ok(link, server.said());
    await page.goto('/');
    await page.getByText('There is no account yet').waitFor();
    await page.goto('about:blank'); // a change of the hash alone loads nothing
    await page.goto(link);
    await page.getByLabel('User name').fill(account.username);
    await page.getByLabel('Password', { exact: true }).fill('short');
    await page.getByLabel('Password once more').fill('short');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByText(/A password has 8/).waitFor();
    await checkPage(page, 'the first account');
    await page.getByLabel('Password', { exact: true }).fill(account.password);
    await page.getByLabel('Password once more').fill(account.password);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await page.getByRole('heading', { name: 'There are no jobs yet' }).waitFor();
    await checkPage(page, 'the home page of a new home');
  });

  test('a file that is saved shows by itself, also when it does not import', async () => {
    const page = await open();
    await signIn(page);
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    const starter = await page.getByRole('region', { name: 'A first job' }).textContent();
    await writeFile(join(server.jobs, 'broken.py'), 'import no_such_module_anywhere\n');
    await writeFile(join(server.jobs, 'greet.py'), starter);
    await page.getByRole('link', { name: 'Greet', exact: true }).waitFor();
    await page.getByText('broken does not import').waitFor();
    await page.getByText('no_such_module_anywhere').first().waitFor();
    await checkPage(page, 'jobs with an import error');
  });
});

describe('a home with the examples', () => {
  before(async () => {
    server = await startServer();
    await server.run('jobs', 'enable', 'files.WriteReport', 'forms.OrderCable');
    for (const rows of [10, 200, 3000]) await runJob('files.WriteReport', { rows });
    await runJob('forms.OrderCable', { label: 'AB1234' });
    // Small cable is never shielded.
    await assert.rejects(
      runJob('forms.OrderCable', { label: 'AB1234', size: 's', shielded: true }),
    );
  });
  after(() => server.stop());

  test('a wrong password is told, and a visitor comes back to where they wanted to', async () => {
    const page = await open();
    await page.goto('/results?status=SUCCESS');
    await page.getByLabel('User name').fill(account.username);
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await checkPage(page, 'sign-in');
    await picture(page, 'sign-in');
    await page.getByLabel('Password', { exact: true }).fill(account.password);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Results' }).waitFor();
    assert.equal(new URL(page.url()).search, '?status=SUCCESS');
  });

  test('signing out ends the session', async () => {
    const page = await open();
    await signIn(page);
    await page.getByRole('button', { name: /Account/ }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.goto('/jobs');
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  test('a job is enabled, overridden and made a favourite in place', async () => {
    const page = await open();
    await signIn(page);
    await page.goto('/jobs');
    await page.getByRole('switch', { name: 'Enable Long Work' }).press('Space');
    await page.getByRole('switch', { name: 'Disable Long Work' }).waitFor();
    await page.getByRole('button', { name: 'Long Work is a favourite' }).click();
    await page.getByRole('button', { name: 'Override what Long Work says' }).click();
    await page.getByLabel('Grouping').fill('Inspections');
    await checkPage(page, 'the drawer of overrides');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'Inspections' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Inspections' }).waitFor();
    await page.getByRole('button', { name: 'Long Work is a favourite', pressed: true }).waitFor();
    await page.getByRole('button', { name: 'Override what Long Work says' }).click();
    await page.getByRole('button', { name: 'Give Grouping back to the class' }).click();
    await page.getByRole('button', { name: 'Back', exact: true }).click();
    await page.getByRole('heading', { name: 'Inspections' }).waitFor({ state: 'detached' });
  });

  test('results are filtered, kept as a view, downloaded and deleted', async () => {
    await runJob('files.WriteReport', { rows: 5 });
    const page = await open();
    await signIn(page);
    await page.goto('/results');
    await page.getByRole('combobox', { name: 'Job', exact: true }).click();
    await page.getByRole('option', { name: 'Write Report' }).click();
    await page.waitForURL(/job=files.WriteReport/);
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name of the view').fill('Reports');
    await page.getByRole('button', { name: 'Keep' }).click();
    await page.getByRole('link', { name: 'Reports' }).waitFor();
    await page.keyboard.press('Escape');
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'CSV' }).click(),
    ]);
    assert.match(await readFile(await csv.path(), 'utf8'), /Write Report/);
    const rows = page.locator('tbody tr');
    const count = await rows.count();
    await rows.first().getByRole('checkbox').click();
    await page.getByRole('button', { name: 'Delete' }).click();
    await checkPage(page, 'a dialog');
    await page.getByRole('button', { name: 'Delete 1 result' }).click();
    await page.getByText('1 result deleted.').waitFor();
    await page.waitForFunction(
      (left) => globalThis.document.querySelectorAll('tbody tr').length === left,
      count - 1,
    );
  });

  test('waiting runs are cancelled together, after asking', async () => {
    await server.run('jobs', 'enable', 'long_work.LongWork');
    const page = await open();
    await signIn(page);
    await page.goto('/results?job=long_work.LongWork');
    const running = [1, 2].map(() =>
      assert.rejects(runJob('long_work.LongWork', { devices: 1000 })),
    );
    await page.waitForFunction(
      () => globalThis.document.querySelectorAll('tbody tr').length === 2,
    );
    await page.getByRole('checkbox', { name: 'Select all of this page' }).check();
    await page.getByText('2 selected').waitFor();
    await page.getByRole('button', { name: 'Cancel 2 runs' }).click();
    await page.getByRole('dialog').getByText('Nothing that it did already is undone').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel 2 runs' }).click();
    await page.getByText('2 runs will stop.').waitFor();
    await Promise.all(running);
    await page.waitForFunction(
      () => globalThis.document.querySelectorAll('tbody [data-status=REVOKED]').length === 2,
    );
  });

  test('the page of a job shows its form, and its last runs beside it', async () => {
    const page = await open();
    await signIn(page);
    await page.goto('/jobs/forms.OrderCable');
    await page.getByRole('button', { name: 'Run job' }).waitFor();
    const runs = page.getByRole('region', { name: 'Last runs' });
    await runs.locator('[data-status=SUCCESS]').first().waitFor();
    await page.getByLabel('Label').fill('AB1234');
    await checkPage(page, 'a form');
    await picture(page, 'form');
  });

  test('a run shows on the home page while it runs, without a reload', async () => {
    const page = await open();
    await signIn(page);
    await server.run('jobs', 'enable', 'long_work.LongWork');
    const shown = page.getByRole('progressbar').first().waitFor();
    const ended = runJob('long_work.LongWork', { devices: 60 });
    await shown;
    await ended;
    await page.getByRole('heading', { name: 'Busiest jobs of the last 7 days' }).waitFor();
  });

  test('a failed run and its reason stand on the home page, and lead to the result', async () => {
    const page = await open();
    await signIn(page);
    const failed = page.getByRole('region', { name: 'Failed in the last 24 hours' });
    await failed.getByText('The job reported that it failed.').waitFor();
    await failed.getByRole('link', { name: 'Order Cable' }).click();
    await page.waitForURL(/\/results\/[0-9a-f-]{36}$/);
  });

  test('a password is changed: the one of now is needed, and other browsers are signed out', async () => {
    const name = 'grace';
    const next = 'a compiler for everybody';
    await server.run('createsuperuser', '--username', name, '--noinput');
    const enter = async (page, password) => {
      await page.goto('/sign-in');
      await page.getByLabel('User name').fill(name);
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
    };
    const elsewhere = await visit(browser, server);
    await enter(elsewhere.page, account.password);
    await elsewhere.page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    const page = await open();
    await enter(page, account.password);
    await page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await page.goto('/settings');
    const panel = page.getByRole('region', { name: 'Password' });
    const change = async (now) => {
      await panel.getByLabel('Password now').fill(now);
      await panel.getByLabel('New password', { exact: true }).fill(next);
      await panel.getByLabel('New password once more').fill(next);
      await panel.getByRole('button', { name: 'Change the password' }).click();
    };
    await change('not this one');
    await panel.locator('[id$="-error"]').waitFor();
    await checkPage(page, 'a refused password');
    await change(account.password);
    await page.getByText('Your password was changed.').waitFor();
    await elsewhere.page.goto('/jobs');
    await elsewhere.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await enter(elsewhere.page, account.password);
    await elsewhere.page.getByRole('alert').waitFor();
    await enter(elsewhere.page, next);
    await elsewhere.page.getByRole('heading', { level: 1, name: 'Home' }).waitFor();
    await elsewhere.context.close();
  });

  test('a token is made, works, and is deleted', async () => {
    const page = await open();
    await signIn(page);
    await page.goto('/settings');
    await page.getByRole('button', { name: 'New token' }).click();
    await page.getByLabel('What it is for').fill('A script');
    await page.getByRole('button', { name: 'Make the token' }).click();
    const key = (await page.getByRole('region', { name: 'The new token' }).textContent()).trim();
    await checkPage(page, 'the new token');
    const asked = () =>
      fetch(`${server.url}/api/extras/jobs/`, { headers: { Authorization: `Token ${key}` } });
    assert.equal((await asked()).status, 200);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByRole('button', { name: 'Delete the token A script' }).click();
    await page.getByRole('button', { name: 'Delete the token', exact: true }).click();
    await page.getByText('The token was deleted.').waitFor();
    assert.equal((await asked()).status, 403);
  });

  test('the first load is 300 kB at most, compressed', async () => {
    const page = await open();
    await signIn(page);
    const fresh = await visitor.context.newPage();
    const network = await visitor.context.newCDPSession(fresh);
    await network.send('Network.enable');
    await network.send('Network.setCacheDisabled', { cacheDisabled: true });
    let received = 0;
    network.on('Network.loadingFinished', ({ encodedDataLength }) => {
      received += encodedDataLength;
    });
    await fresh.goto('/');
    await fresh.getByRole('heading', { name: 'Runs a day' }).waitFor();
    assert.ok(received > 50_000, 'the sizes were not told');
    assert.ok(received <= 300_000, `${received} bytes`);
  });

  for (const [path, list] of [
    ['/results', '/api/extras/job-results/'],
    ['/jobs', '/api/extras/jobs/'],
    ['/', '/api/extras/summary/'],
  ]) {
    test(`what ${path} shows is asked for once, before its code is`, async () => {
      const page = await open();
      await signIn(page);
      await page.goto('about:blank');
      await page.addInitScript(() => {
        const { document, performance, location } = globalThis;
        new MutationObserver(() => {
          if (globalThis.asked !== undefined || !document.querySelector('#main tbody tr, #main li')) return;
          const resources = performance.getEntriesByType('resource');
          globalThis.asked = resources.map(({ name }) => name.replace(location.origin, ''));
        }).observe(document, { childList: true, subtree: true });
      });
      await page.goto(path);
      await page.locator('#main').getByRole('link', { name: 'Write Report' }).first().waitFor();
      const asked = await page.evaluate(() => globalThis.asked);
      const first = asked.filter((one) => one.startsWith(list));
      assert.ok(first.length > 0, asked.join('\n'));
      assert.equal(new Set(first).size, first.length, `asked twice: ${first.join(', ')}`);
      // Beside the page's own code there is what all pages share, in one file, and what starts both.
      const code = asked.slice(0, asked.indexOf(first[0])).filter((one) => one.endsWith('.js'));
      assert.deepEqual(
        code.map((one) => one.replace(/^.*\/|-[\w-]{8}\.js$|\.js$/g, '')), // without the hash
        ['scheme', 'start', 'main'],
      );
    });
  }

  test('the API page lists every endpoint, and tries one', async () => {
    const page = await open();
    await signIn(page);
    await page.goto('/api/docs/');
    await page.getByText('job-queues', { exact: true }).first().click();
    await page.getByText('/api/extras/job-queues/', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table').getByText('"default"').first().waitFor();
  });

  test('everything is reached with the keyboard', async () => {
    const page = await open();
    await signIn(page);
    const field = page.getByLabel('Search jobs, results and pages');
    const ask = async (text) => {
      await page.keyboard.press('Control+k');
      await field.and(page.locator(':focus')).waitFor();
      await page.keyboard.type(text);
    };
    await ask('order');
    await page
      .getByRole('button', { name: /Order Cable/ })
      .first()
      .waitFor();
    await checkPage(page, 'the palette');
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'hidden' });
    await ask('sett');
    await page.getByRole('button', { name: 'Settings', exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page.goto('/jobs');
    await page.getByRole('link', { name: 'Order Cable', exact: true }).waitFor();
    await page.keyboard.press('Tab');
    const first = await page.evaluate(() => globalThis.document.activeElement.textContent);
    assert.equal(first.trim(), 'Skip to the content');
  });

  for (const scheme of ['light', 'dark']) {
    for (const [size, viewport] of [
      ['desktop', undefined],
      ['phone', phone],
    ]) {
      test(`each page is whole and readable: ${scheme}, ${size}`, async () => {
        const page = await open({ scheme, ...(viewport === undefined ? {} : { viewport }) });
        await signIn(page);
        for (const [name, path] of [
          ['Home', '/'],
          ['Jobs', '/jobs'],
          ['Results', '/results'],
          ['Results', '/results?view=timeline'],
          ['Workers', '/workers'],
          ['Settings', '/settings'],
        ]) {
          await page.goto(path);
          await page.getByRole('heading', { level: 1, name }).waitFor();
          await checkPage(page, `${path}, ${scheme}, ${size}`);
          assert.deepEqual(await page.getByRole('alert').allTextContents(), []);
          const file = `${name.toLowerCase()}${path.includes('view') ? '-timeline' : ''}`;
          await picture(page, `${file}-${scheme}-${size}`);
        }
      });
    }
  }
});
