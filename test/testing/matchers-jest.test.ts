import { expect as jestExpect } from 'expect';
import { expect, test } from 'vitest';
import { drawBoard } from '../../src/board.ts';
import type { SecretAction } from '../../src/index.ts';
import { stageMatchers } from '../../src/testing/matchers.ts';
import { secret } from '../../src/testing/secret.ts';

// This is the `expect` of jest and of `@jest/globals`.
jestExpect.extend(stageMatchers);

const db = secret('db').version('v1', 'SYSPREVIOUS').version('v2', 'SYSCURRENT', 'blue').version('v3').build();
const remove: SecretAction = { type: 'removeStage', stage: 'SYSCURRENT', at: 5000 };

test('the matchers pass in jest', async () => {
  jestExpect(db).toMark('blue', 'v2');
  jestExpect(db).not.toMark('blue', 'v1');
  jestExpect(db).toBeDeprecated('v3');
  jestExpect(db).not.toBeDeprecated('v2');
  jestExpect(db).toObeyTheLaws();
  jestExpect({}).not.toObeyTheLaws();
  jestExpect(db).toRefuse(remove, { code: 'BUILT_IN_STAGE' });
  jestExpect(db).not.toRefuse({ ...remove, stage: 'blue' });
  await jestExpect(Promise.resolve(db)).resolves.toMark('blue', 'v2');
});

test.each([
  ['toMark', () => jestExpect(db).toMark('blue', 'v1'), 'Expected stage "blue" to be on version "v1"'],
  ['not.toMark', () => jestExpect(db).not.toMark('blue', 'v2'), 'Expected stage "blue" not to be on version "v2"'],
  ['toBeDeprecated', () => jestExpect(db).toBeDeprecated('v2'), 'it is marked by "SYSCURRENT", "blue"'],
  ['not.toBeDeprecated', () => jestExpect(db).not.toBeDeprecated('v9'), 'Version "v9" does not exist'],
  ['not.toObeyTheLaws', () => jestExpect(db).not.toObeyTheLaws(), 'it obeys all of them'],
  [
    'toRefuse',
    () => jestExpect(db).toRefuse(remove, { code: 'STAGE_LIMIT' }),
    'it refuses the action with BUILT_IN_STAGE',
  ],
  ['not.toRefuse', () => jestExpect(db).not.toRefuse(remove), 'Expected the secret not to refuse'],
])('%s fails in jest with its message and the board', (_, assertion, message) => {
  expect(assertion).toThrow(message);
  expect(assertion).toThrow(`\n\n${drawBoard(db)}`);
});

test('a value that is not a state fails in jest, with `.not` too', () => {
  for (const assertion of [() => jestExpect(0).toMark('blue', 'v1'), () => jestExpect(0).not.toMark('blue', 'v1')]) {
    expect(assertion).toThrow('toMark takes a SecretState, but the received value is not one:');
  }
  expect(() => jestExpect(0).toObeyTheLaws()).toThrow('state must be an object; got a number');
});
