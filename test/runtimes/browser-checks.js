// @ts-check
// Runs the checks in a page, and in a worker that the page starts. `run.js` bundles this file.
import { runChecks } from './checks.js';

async function main() {
  const data = JSON.parse(await (await fetch('/data.json')).text());
  const results = JSON.stringify(await runChecks(data));
  if ('document' in globalThis) Object.assign(globalThis, { results });
  // The types are those of Node, which has no such function.
  else Reflect.apply(Reflect.get(globalThis, 'postMessage'), globalThis, [results]);
}

main();
