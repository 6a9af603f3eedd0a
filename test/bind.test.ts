import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as core from '../src/index.ts';
import {
  awsSecretsManager,
  bind,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  StageRefusedError,
} from '../src/index.ts';
import { expectFrozen, expectLoose } from './expect-frozen.ts';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /^(?:operations\/|dialects\/)?[\w-]+\.ts$/.test(file))
  .map((file) => readFileSync(`src/${file}`, 'utf8'))
  .join('\n');

/** The head of an exported function, up to its body. */
const declarationOf = (name: string): string =>
  new RegExp(`export function ${name}(?:<[^>]*>)?\\([^]*? \\{\\n`).exec(sources)?.[0] ?? '';

const ours = defineDialect(huaweiCsms, { id: 'our-vault', stages: { limit: 3, previousFollows: 'any-move' } });
const two = createVersion(createSecret({ name: 'db', at: 0 }, ours), { at: 1000 }, ours);

test('bind offers every function that takes a dialect, with the same results', () => {
  const model = bind(ours);
  const calls: readonly (readonly [name: keyof typeof core & keyof typeof model, ...args: readonly unknown[]])[] = [
    ['createVersion', two, { at: 2000 }],
    ['assignStage', two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 }],
    ['assignStage', two, { stage: 'canary', versionId: 'v9', at: 2000 }],
    ['removeStage', two, { stage: 'SYSCURRENT', at: 2000 }],
    ['pruneDeprecated', two, {}],
    ['scheduleDeletion', two, { at: 2000 }],
    ['restore', two, { at: 2000 }],
    ['setStatus', two, { status: 'FROZEN', at: 2000 }],
    ['reduce', two, { type: 'createVersion', at: 2000 }],
    ['applyAll', two, [{ type: 'createVersion', at: 2000 }]],
    [
      'applyAll',
      two,
      [
        { type: 'setStatus', status: 'DISABLED', at: 2000 },
        { type: 'createVersion', at: 2000 },
      ],
    ],
    ['plan', two, { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v1', at: 2000 }],
    ['planAll', two, [{ type: 'createVersion', at: 2000 }]],
    ['parseSecretState', JSON.parse(JSON.stringify(two))],
    ['violations', { ...two, versions: {} }],
    ['currentVersion', two],
    ['previousVersion', two],
    ['latestVersion', two],
    ['remainingStages', two],
    ['nextVersionId', two],
  ];
  const answer = (call: unknown, args: readonly unknown[]): unknown => {
    if (typeof call !== 'function') throw new Error('It is no function.');
    try {
      return Reflect.apply(call, undefined, args);
    } catch (error) {
      return error instanceof StageRefusedError ? { ...error } : error;
    }
  };
  for (const [name, ...args] of calls) {
    expect([name, answer(Reflect.get(model, name), args)]).toEqual([
      name,
      answer(Reflect.get(core, name), [...args, ours]),
    ]);
    const twin = `try${name.replace(/^./, (first) => first.toUpperCase())}`;
    if (!(twin in core)) continue;
    expect([twin, answer(Reflect.get(model, twin), args)]).toEqual([
      twin,
      answer(Reflect.get(core, twin), [...args, ours]),
    ]);
  }
  const born = { name: 'db', at: 0, versionId: 'mine' };
  expect(model.createSecret(born)).toEqual(createSecret(born, ours));
  expect(model.tryCreateSecret({ ...born, name: '' })).toEqual(core.tryCreateSecret({ ...born, name: '' }, ours));

  // Whatever the core has with a dialect for its last argument is here, too, and was called.
  const takesDialect = (name: string) => /[dD]ialect: Dialect\b/.test(declarationOf(name));
  const called = calls.flatMap(([name]) => [name, `try${name.replace(/^./, (first) => first.toUpperCase())}`]);
  const known = new Set([...called, 'createSecret', 'tryCreateSecret']);
  const taking = Object.keys(core).filter(takesDialect);
  expect(taking).toEqual(expect.arrayContaining(['bind', 'createSecret', 'tryRestore', 'latestVersion', 'plan']));
  expect(taking.filter((name) => !known.has(name))).toEqual(['bind']);
  expect(taking.filter((name) => !(name in model))).toEqual(['bind']);
  expect(model.dialect).toEqual(ours);
  expect(Object.isFrozen(model)).toBe(true);
});

test('bind offers every query, including those without a dialect', () => {
  const model = bind(ours);
  for (const name of [
    'stageOf',
    'versionOf',
    'stagesOf',
    'hasVersion',
    'versionsByAge',
    'isDeprecated',
    'deprecatedVersions',
  ] as const)
    expect(model[name]).toBe(Reflect.get(core, name));
});

test('every bound function refuses a secret of another dialect', () => {
  const aws = bind(awsSecretsManager);
  const refusal = { code: 'WRONG_DIALECT', stateDialect: 'our-vault', dialect: 'aws-secrets-manager' };
  expect(aws.tryCreateVersion(two, { at: 2000 })).toEqual({ ok: false, refusal });
  expect(aws.tryApplyAll(two, [])).toEqual({ ok: false, index: 0, refusal });
  expect(aws.plan(two, { type: 'restore', at: 0 })).toEqual({ allowed: false, refusal });
  for (const query of [aws.currentVersion, aws.latestVersion, aws.remainingStages, aws.violations])
    expect(() => query(two)).toThrow(expect.objectContaining({ refusal }));
});

test('bind freezes a deep copy of the dialect, not the original', () => {
  const mine = structuredClone(ours);
  const fixed = bind(mine);
  expectFrozen(fixed.dialect);
  expectLoose(mine);
  Object.assign(mine.stages, { limit: 2 });
  Object.assign(mine.versions.lists, { most: 0 });
  expect(fixed.remainingStages(two)).toBe(1);
  expect(fixed.tryCreateVersion(two, { at: 2000, stages: ['SYSCURRENT'] }).ok).toBe(true);
});
