import { expect, test } from 'vitest';
import { optionsFor, planCommands } from '../../src/cli/plan-command.ts';
import { awsSecretsManager, createSecret, type SecretAction } from '../../src/index.ts';

const at = 1_582_284_780_000;
const token = (number: number) => `3b7c1f52-0d7e-4a39-9c41-6f2f5a1d000${number}`;
const secret = {
  project: null,
  source: '',
  file: '',
  line: 1,
  moments: [],
  dialect: awsSecretsManager,
  state: createSecret({ name: 'db', at: 0, versionId: token(1) }, awsSecretsManager),
};
const name = 'db';
const commandFor = planCommands(['f'], [{ project: null, name }], {})(secret);

test('optionsFor passes an empty holder for a stage that must be on no version, as a shell would', () => {
  const put = { type: 'assignStage', stage: 'AWSCURRENT', versionId: 'v1', at: 0 } as const;
  expect(optionsFor({ ...put, from: null })).toEqual(['--assign AWSCURRENT=v1', "--from ''"]);
  expect(optionsFor({ ...put, from: 'v2' })).toEqual(['--assign AWSCURRENT=v1', '--from v2']);
  expect(optionsFor(put)).toEqual(['--assign AWSCURRENT=v1']);
});

test('a file that is named like an option is passed so that it is not one', () => {
  expect(planCommands(['-x.json', '-'], [{ project: null, name }], {})(secret)([])).toBe(
    'secret-stages plan ./-x.json -',
  );
});

test('a secret that shares its name and project with another has no command', () => {
  const other = { ...secret, project: 'p' };
  const commandOf = planCommands(
    ['f'],
    [null, 'p', 'q', 'q'].map((project) => ({ project, name })),
    {},
  );
  expect(commandOf(secret)([])).toBeUndefined();
  expect(commandOf(other)([])).toBe('secret-stages plan f --secret db --project p');
  expect(commandOf({ ...secret, project: 'q' })([])).toBeUndefined();
});

test('a new version that lists a stage with a comma has no command', () => {
  const listing = (...stages: readonly string[]) => commandFor([{ type: 'createVersion', at, stages }]);
  expect(listing('a', 'b')).toBe('secret-stages plan f --new-version --stages a,b');
  expect(listing('a', 'b,c')).toBeUndefined();
  expect(listing()).toBe("secret-stages plan f --new-version --stages ''");
  expect(commandFor([{ type: 'createVersion', at }])).toBe('secret-stages plan f --new-version');
});

test('a stage that is removed has a command', () => {
  expect(commandFor([{ type: 'removeStage', stage: 'a', at }])).toBe('secret-stages plan f --remove a');
});

test('a pruning by time has a date, and no command after the year 9999', () => {
  const pruning = (createdBefore: number) => commandFor([{ type: 'pruneDeprecated', createdBefore }]);
  expect(pruning(at)).toBe('secret-stages plan f --prune --created-before 2020-02-21T11:33:00.000Z');
  expect(pruning(Date.UTC(10_000) - 1)).toContain('9999-12-31T23:59:59.999Z');
  expect(pruning(Date.UTC(10_000))).toBeUndefined();
});

test('a stage with a = can be assigned only to a version that exists by then', () => {
  const create: SecretAction = { type: 'createVersion', at, versionId: token(2) };
  const assign: SecretAction = { type: 'assignStage', at, stage: 'a=b', versionId: token(2) };
  expect(commandFor([create, assign])).toBe(
    `secret-stages plan f --new-version --version-id ${token(2)} --assign a=b=${token(2)}`,
  );
  expect(commandFor([assign, create])).toBeUndefined();
});
