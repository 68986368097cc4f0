/**
 * Measures how soon the page's lists can be used: Chromium with a processor four times as slow, a cache that is empty, and 55 results.
 * Prints one JSON object: median seconds from the start of the navigation until the first rows are painted, and until they are in the
 * document. The page is one that Playwright does not touch: its scripts in a page, and what a browser keeps for who debugs, take such a
 * processor 0.2 s that no visitor waits for. Usage: node benchmarks/support/page_side.mjs [ROUNDS] (default 5).
 */
import { setTimeout } from 'node:timers/promises';
import {
  account,
  desktop,
  launch,
  patience,
  signIn,
  startServer,
  visit,
} from '../../tests/browser/harness.mjs';

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

/** A new page with nothing in its cache, moved by the browser's protocol alone; `send` asks it something, `close` ends it. */
async function barePage(browser, { cookies, viewport }) {
  const protocol = await browser.newBrowserCDPSession();
  const { browserContextId } = await protocol.send('Target.createBrowserContext');
  await protocol.send('Storage.setCookies', { browserContextId, cookies });
  const size = { width: viewport.width, height: viewport.height };
  const { targetId } = await protocol.send('Target.createTarget', {
    url: 'about:blank',
    browserContextId,
    ...size,
  });
  const { sessionId } = await protocol.send('Target.attachToTarget', {
    targetId,
    flatten: false,
  });
  const asked = new Map();
  protocol.on('Target.receivedMessageFromTarget', (received) => {
    if (received.sessionId !== sessionId) return;
    const { id, result, error } = JSON.parse(received.message);
    asked.get(id)?.(error === undefined ? result : Promise.reject(new Error(error.message)));
  });
  const send = (method, params = {}) => {
    const id = asked.size + 1;
    const answered = new Promise((resolve) => asked.set(id, resolve));
    const message = JSON.stringify({ id, method, params });
    return protocol.send('Target.sendMessageToTarget', { sessionId, message }).then(() => answered);
  };
  await send('Emulation.setDeviceMetricsOverride', {
    ...size,
    deviceScaleFactor: 1,
    mobile: false,
  });
  const close = async () => {
    await protocol.send('Target.disposeBrowserContext', { browserContextId });
    await protocol.detach();
  };
  return { send, close };
}

/** One visit: milliseconds. */
async function load(browser, visitor, address) {
  const { send, close } = await barePage(browser, visitor);
  await send('Page.enable');
  await send('Page.addScriptToEvaluateOnNewDocument', {
    source: `(${watchRows})()`,
  });
  await send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await send('Page.navigate', { url: address });
  for (const end = Date.now() + patience; Date.now() < end;) {
    await setTimeout(500); // seldom, so that being looked at costs the page nothing
    const { result } = await send('Runtime.evaluate', {
      expression: '({ there: globalThis.rowsThere, painted: globalThis.rowsPainted })',
      returnByValue: true,
    });
    if (result.value.painted === undefined) continue;
    await close();
    return result.value;
  }
  throw new Error(`${address} showed no rows`);
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
    await server.run(
      'runjob',
      '--username',
      account.username,
      '--data',
      inputs,
      'files.WriteReport',
    );
  }
  const { page, context } = await visit(browser, server);
  await signIn(page);
  const { cookies } = await context.storageState();
  const visitor = { cookies, viewport: desktop };
  await context.close();
  const figures = {};
  await load(browser, visitor, `${server.url}/results`); // the first visit of a browser also starts its processes
  for (const [name, path] of Object.entries(lists)) {
    const samples = [];
    for (let round = 0; round < rounds; round += 1) {
      samples.push(await load(browser, visitor, server.url + path));
    }
    figures[name] = medianSeconds(samples.map(({ painted }) => painted));
    figures[`${name}_there`] = medianSeconds(samples.map(({ there }) => there));
    console.error(path, samples.map(({ painted }) => Math.round(painted)).join(' '), 'ms');
  }
  console.log(JSON.stringify(figures));
} finally {
  await browser.close();
  await server.stop();
}
