// @ts-check
// Runs the checks in a page, and in a worker that the page starts. `run.js` bundles this file.
import { runChecks } from './checks.js';

async function main() {
  /** @type {any} */
  const data = await (await fetch('/data.json')).json();
  const results = JSON.stringify(await runChecks(data));
  const isPage = 'document' in globalThis;
  if (isPage) Object.assign(globalThis, { results });
  else postMessage(results);
}

main();
