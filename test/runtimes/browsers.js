// @ts-check
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { browserArguments } from '../browser/find-browser.js';

/** Where the bundle of the checks runs, each with the script of the page. */
export const browsers = {
  page: "import('/browser-checks.js');",
  worker: `
    const worker = new Worker('/browser-checks.js', { type: 'module' });
    worker.onmessage = ({ data }) => { globalThis.results = data; };
    worker.onerror = ({ message }) => { console.error(message); };
  `,
};

/**
 * Runs the checks of a folder in a page, or in a worker that a page starts.
 *
 * @param {keyof typeof browsers} name
 * @param {string} folder
 * @param {string} executablePath
 * @returns {Promise<{ readonly version: string, readonly results: string }>}
 */
export async function browserResults(name, folder, executablePath) {
  const server = createServer(({ url = '' }, response) => {
    const [type, text] = url.endsWith('.js')
      ? ['text/javascript', readFileSync(join(folder, 'browser-checks.js'))]
      : url.endsWith('.json')
        ? ['application/json', readFileSync(join(folder, 'data.json'))]
        : [
            'text/html',
            `<!doctype html><link rel="icon" href="data:,"><script type="module">${browsers[name]}</script>`,
          ];
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const browser = await chromium.launch({ executablePath, args: browserArguments });
  try {
    const page = await browser.newPage();
    /** @type {string[]} */
    const errors = [];
    page.on('console', (message) => errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(`${error}`));
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction('globalThis.results !== undefined', undefined, { timeout: 120_000 }).catch((error) => {
      throw new Error([error instanceof Error ? error.message : `${error}`, ...errors].join('\n'));
    });
    return { version: browser.version(), results: `${await page.evaluate('globalThis.results')}` };
  } finally {
    await browser.close();
    server.close();
  }
}
