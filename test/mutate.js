// @ts-check
// npm run mutate                    mutates the model, with its own tests
// npm run mutate -- src/policy      mutates a folder of src, with the tests in the matching folder of test
import { existsSync, readFileSync } from 'node:fs';
import { Stryker } from '@stryker-mutator/core';

const folders = process.argv.slice(2).map((folder) => folder.replace(/\/+$/, ''));
const wrong = folders.find((folder) => !/^src(\/[\w-]+)+$/.test(folder) || !existsSync(folder));
if (wrong !== undefined) {
  console.error(`"${wrong}" is not a folder of src. Pass one, such as src/policy, or nothing to mutate the model.`);
  process.exit(2);
}

// stryker.config.json has the files of the model. small-world.test.ts is excluded: it takes as long as all other tests of the model.
const options = folders.length === 0 ? {} : { mutate: folders.map((folder) => `${folder}/**/*.ts`) };
const tests =
  folders.length === 0
    ? ['test/!(small-world).test.ts', 'test/{operations,dialects}/**/*.test.ts']
    : folders.map((folder) => `${folder.replace('src', 'test')}/**/*.test.ts`);
// Every worker reads this in vitest.config.ts. Set it to choose other tests.
process.env['MUTATION_TESTS'] ??= tests.join(' ');

const mutants = (await new Stryker(options).runMutationTest()).filter(({ status }) => status !== 'Ignored');
const survivors = mutants.filter(({ status }) => status !== 'Killed' && status !== 'Timeout').map(diffOf);
const explained = [...readFileSync('test/survivors.md', 'utf8').matchAll(/^```diff\n(.*?)\n```$/gms)].map(
  ([, diff]) => diff,
);
const unexplained = survivors.filter((diff) => !explained.includes(diff));

for (const diff of unexplained) console.log(`\n${diff}`);
const killed = mutants.length - survivors.length;
const score = ((100 * killed) / mutants.length).toFixed(1);
console.log(`\n${mutants.length} mutants: ${killed} killed, ${survivors.length} survived. Score: ${score} per cent.`);
if (unexplained.length > 0) {
  console.log(
    `test/survivors.md does not explain ${unexplained.length} of the survivors. For each, add a test that fails,`,
  );
  console.log('or add the lines above to that file with the reason why no test can.');
}
const killedSince = explained.filter((diff) => !survivors.includes(diff ?? ''));
if (folders.length === 0 && killedSince.length > 0)
  console.log(`These no longer survive. Remove them from test/survivors.md:\n\n${killedSince.join('\n\n')}`);
// A run without mutants has tested nothing.
if (unexplained.length > 0 || mutants.length === 0) process.exitCode = 1;

/**
 * A mutant as it is listed in survivors.md: the file, the lines before, and the lines after.
 *
 * @param {Awaited<ReturnType<Stryker['runMutationTest']>>[number]} mutant
 */
function diffOf({ fileName, location: { start, end }, replacement = '' }) {
  const lines = readFileSync(fileName, 'utf8').split('\n');
  const before = lines.slice(start.line - 1, end.line);
  const text = before.join('\n');
  const tail = (before.at(-1) ?? '').slice(end.column - 1);
  const after = text.slice(0, start.column - 1) + replacement + tail;
  /** @type {(sign: string, lines: readonly string[]) => string[]} */
  const signed = (sign, lines) => lines.map((line) => `${sign} ${line}`);
  const path = fileName.slice(fileName.lastIndexOf('src/'));
  return [path, ...signed('-', before), ...signed('+', after.split('\n'))].join('\n');
}
