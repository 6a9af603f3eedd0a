import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as core from '../src/index.ts';
import {
  awsSecretsManager,
  bind,
  createSecret,
  createVersion,
  describe,
  googleSecretManager,
  huaweiCsms,
  type SecretAction,
  type SecretState,
  StageRefusedError,
} from '../src/index.ts';
import { expectFrozen } from './expect-frozen.ts';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /^(?:operations\/)?[\w-]+\.ts$/.test(file))
  .map((file) => readFileSync(`src/${file}`, 'utf8'))
  .join('\n');

/** The head of an exported function, up to its arrow. */
const declarationOf = (name: string): string =>
  new RegExp(`export const ${name} = (?:<[^>]*>)?\\([^]*?=>`).exec(sources)?.[0] ?? '';

const ours = { ...huaweiCsms, name: 'our vault', stageLimit: 3, previousFollowsMove: true };
const model = bind(ours);
const two = createVersion(createSecret({ name: 'db', at: 0 }, ours), { at: 1000 }, ours);

test('everything that takes a dialect is bound, by its name, and does the same', () => {
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
    ['isIssued', two, 'v2'],
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
  const takesDialect = (name: string) => /dialect: (?:Dialect|StageRules|SourcedDialect)\b/.test(declarationOf(name));
  const called = calls.flatMap(([name]) => [name, `try${name.replace(/^./, (first) => first.toUpperCase())}`]);
  const known = new Set([...called, 'createSecret', 'tryCreateSecret', 'restore', 'tryRestore']);
  expect(Object.keys(core).filter((name) => takesDialect(name) && !known.has(name))).toEqual([
    'bind',
    'contradictions',
    'defineDialect',
    'rules',
  ]);
  expect(Object.keys(core).filter((name) => takesDialect(name) && !(name in model))).toEqual([
    'bind',
    'contradictions',
    'defineDialect',
    'rules',
  ]);
  expect(model.dialect).toEqual(ours);
  expect(Object.isFrozen(model)).toBe(true);
});

const google = bind(googleSecretManager);
const foreign = createSecret({ name: 'db.password', at: 0 });

test('a state that is none of the dialect is refused with its name and every law that it breaks', () => {
  const aws = bind(awsSecretsManager);
  let labelled = aws.createSecret({ name: 'db', at: 0, versionId: 'a'.repeat(40) });
  for (let index = 0; index < 13; index++) {
    labelled = aws.assignStage(labelled, { stage: `label-${index}`, versionId: 'a'.repeat(40), at: 1000 });
  }
  const outcome = bind(huaweiCsms).tryCreateVersion(labelled, { at: 2000 });
  expect(outcome).toEqual({
    ok: false,
    refusal: {
      code: 'INVALID_STATE',
      dialect: 'Huawei Cloud CSMS',
      problems: [
        { path: 'state', law: 'stage-limit', expected: 'A secret never has more stages than its dialect allows.' },
      ],
    },
  });
  expect(outcome.ok || describe(outcome.refusal)).toBe(
    'This is not a secret of Huawei Cloud CSMS: state breaks the law stage-limit ' +
      '(A secret never has more stages than its dialect allows.).',
  );
});

test('every operation refuses it, and so do plans and batches', () => {
  const action: SecretAction = { type: 'createVersion', at: 1000 };
  const refused = { ok: false, refusal: { code: 'INVALID_STATE', dialect: 'Google Secret Manager' } };
  expect(google.tryCreateVersion(foreign, action)).toMatchObject(refused);
  expect(google.tryAssignStage(foreign, { stage: 'a', versionId: 'v1', at: 1000 })).toMatchObject(refused);
  expect(google.tryRemoveStage(foreign, { stage: 'a', at: 1000 })).toMatchObject(refused);
  expect(google.tryPruneDeprecated(foreign)).toMatchObject(refused);
  expect(google.tryScheduleDeletion(foreign, { at: 1000 })).toMatchObject(refused);
  expect(google.tryRestore(foreign, { at: 1000 })).toMatchObject(refused);
  expect(google.trySetStatus(foreign, { status: 'ENABLED', at: 1000 })).toMatchObject(refused);
  expect(google.tryReduce(foreign, action)).toMatchObject(refused);
  expect(google.tryApplyAll(foreign, [])).toMatchObject({ ...refused, index: 0 });
  const { refusal } = refused;
  expect(google.plan(foreign, action)).toMatchObject({ allowed: false, refusal });
  expect(google.planAll(foreign, [action])).toMatchObject([{ allowed: false, refusal }]);
  expect(() => google.pruneDeprecated(foreign)).toThrow(StageRefusedError);
  expect(() => google.reduce(foreign, action)).toThrow(StageRefusedError);
  expect(() => google.applyAll(foreign, [action])).toThrow(
    expect.objectContaining({ refusal: expect.anything(), index: 0 }),
  );
});

test('what is given is never shared with what comes of it, if somebody can still change it', () => {
  const loose: SecretState = structuredClone(two);
  for (const after of [
    model.pruneDeprecated(loose),
    model.applyAll(loose, []),
    model.createVersion(loose, { at: 2000 }),
  ]) {
    expect(after).not.toBe(loose);
    expectFrozen(after);
  }
  expect(model.setStatus(two, { status: 'ENABLED', at: 2000 })).toBe(two);
  expect(model.pruneDeprecated(two)).toBe(two);
  const mine = { ...ours };
  const fixed = bind(mine);
  Object.assign(mine, { stageLimit: 2 });
  expect(fixed.remainingStages(two)).toBe(1);
});

test('a list of ids that somebody can still change is looked at each time', () => {
  const chosen = model.createSecret({ name: 'db', at: 0, versionId: 'mine' });
  const chosenIds = [...chosen.issued.chosenIds];
  const state = Object.freeze({ ...chosen, issued: Object.freeze({ ...chosen.issued, chosenIds }) });
  expect(model.tryCreateVersion(state, { at: 1000 }).ok).toBe(true);
  chosenIds.length = 0;
  expect(model.tryCreateVersion(state, { at: 1000 })).toMatchObject({ refusal: { code: 'INVALID_STATE' } });
});

test('a state that somebody can still change is looked at each time, and a frozen one once', () => {
  const loose: SecretState = structuredClone(two);
  expect(model.tryCreateVersion(loose, { at: 2000 }).ok).toBe(true);
  Object.assign(loose, { stages: [{ name: 'SYSCURRENT', versionId: 'v9', updateTime: 0 }] });
  expect(model.tryCreateVersion(loose, { at: 2000 }).ok).toBe(false);

  // The first look at it is the only one that reads its name.
  let looks = 0;
  const watched = new Proxy(two, {
    get: (target, field) => {
      if (field === 'name') looks++;
      return Reflect.get(target, field);
    },
  });
  model.planAll(watched, []);
  const [first] = [looks];
  model.planAll(watched, []);
  expect([first > 0, looks]).toEqual([true, first]);
});
