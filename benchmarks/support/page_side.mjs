/**
 * Measures how soon the page's lists can be used: Chromium with a processor four times as slow, a cache that is empty, and 55 results.
 * Prints one JSON object: median seconds from the start of the navigation until the first rows are painted, and until they are in the
 * document. Usage: node benchmarks/support/page_side.mjs [ROUNDS] (default 5).
 */
import { account, launch, signIn, startServer, visit } from '../../tests/browser/harness.mjs';

const slowdown = 4;
const lists = { page_results: '/results', page_jobs: '/jobs' };
const rounds = Number(process.argv[2] ?? 5);

/** Runs in the page: notes when the first row is there, and when the frame that shows it was made. */
function watchRows() {
  const { document, performance } = globalThis;
  const watcher = new MutationObserver(() => {
    if (document.querySelector('#main tbody tr, #main section li') === null) return;
    watcher.disconnect();
    globalThis.rowsThere = performance.now();
    requestAnimationFrame(() => {
      const channel = new MessageChannel(); // a task of its own: past the frame
      channel.port1.onmessage = () => (globalThis.rowsPainted = performance.now());
      channel.port2.postMessage(null);
    });
  });
  watcher.observe(document, { childList: true, subtree: true });
}

/** One visit with nothing in the cache: milliseconds. */
async function load(browser, options, path) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.addInitScript(watchRows);
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.goto(path, { waitUntil: 'commit' });
  await page.waitForFunction(() => globalThis.rowsPainted > 0, null, { polling: 200 });
  const times = await page.evaluate(() => ({
    there: globalThis.rowsThere,
    painted: globalThis.rowsPainted,
  }));
  await context.close();
  return times;
}

function medianSeconds(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] / 1000;
}

const server = await startServer();
const browser = await launch();
try {
  await server.run('jobs', 'enable', '--all');
  for (let rows = 1; rows <= 55; rows += 1) {
    const inputs = JSON.stringify({ rows });
    await server.run('runjob', '--username', account.username, '--data', inputs, 'files.WriteReport');
  }
  const { page, context } = await visit(browser, server);
  await signIn(page);
  const options = {
    baseURL: server.url,
    storageState: await context.storageState(),
    viewport: page.viewportSize(),
    locale: 'en-GB',
  };
  await context.close();
  const figures = {};
  await load(browser, options, '/results'); // the first visit of a browser also starts its processes
  for (const [name, path] of Object.entries(lists)) {
    const samples = [];
    for (let round = 0; round < rounds; round += 1) samples.push(await load(browser, options, path));
    figures[name] = medianSeconds(samples.map(({ painted }) => painted));
    figures[`${name}_there`] = medianSeconds(samples.map(({ there }) => there));
    console.error(path, samples.map(({ painted }) => Math.round(painted)).join(' '), 'ms');
  }
  console.log(JSON.stringify(figures));
} finally {
  await browser.close();
  await server.stop();
}
