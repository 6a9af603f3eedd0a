import { expect, test } from 'vitest';
import {
  assignStage,
  awsSecretsManager as aws,
  type BoundOperations,
  bind,
  createSecret,
  explain,
  type Refusal,
  type SecretState,
  stagesOf,
  tryRemoveStage,
  versionsByAge,
} from '../../src/index.ts';
import { foundText } from '../../src/text.ts';

const model: BoundOperations = bind(aws);
const idOf = (name: string): string => name.padEnd(32, '-');

/** What each version carries, in order of age: `v1{AWSPREVIOUS} v2{AWSCURRENT,custom} v3-`. */
const boardOf = (state: SecretState): string =>
  versionsByAge(state)
    .map(({ id }) => {
      const stages = stagesOf(state, id);
      return `${id.replace(/-+$/, '')}${stages.length > 0 ? `{${stages}}` : '-'}`;
    })
    .join(' ');

/** A call as people write it down: `put v2 AWSPENDING`, `move AWSCURRENT v1>v2`, `move custom >v1`, `remove custom v1`. */
const call = (state: SecretState, line: string, at: number): SecretState => {
  const [verb, what = '', where = ''] = line.split(' ');
  if (verb === 'put') {
    const stages = where === '' ? {} : { stages: where.split(',') };
    return model.createVersion(state, { at, versionId: idOf(what), ...stages });
  }
  if (verb === 'remove') return model.removeStage(state, { stage: what, at, from: idOf(where) });
  const [from = '', to = ''] = where.split('>');
  return model.assignStage(state, {
    stage: what,
    versionId: idOf(to),
    at,
    ...(from === '' ? {} : { from: idOf(from) }),
  });
};

/** A story: calls, each with the board after it. It begins with a secret that was created with a value, or `empty`. */
const play = (story: readonly (readonly [line: string, board: string])[], empty = false): void => {
  let state = model.createSecret({ name: 'db', at: 0, versionId: empty ? null : idOf('v1') });
  for (const [index, [line, board]] of story.entries()) {
    state = call(state, line, (index + 1) * 1000);
    expect(`${line}: ${boardOf(state)}`).toBe(`${line}: ${board}`);
  }
};

test('LocalStack recorded: each new value moves AWSPREVIOUS, and the version that loses it is deprecated', () =>
  play([
    ['put v2', 'v1{AWSPREVIOUS} v2{AWSCURRENT}'],
    ['put v3', 'v1- v2{AWSPREVIOUS} v3{AWSCURRENT}'],
    ['put v4', 'v1- v2- v3{AWSPREVIOUS} v4{AWSCURRENT}'],
  ]));

test('LocalStack recorded: a promotion keeps AWSPENDING, and the next value without labels removes it', () =>
  play([
    ['put v2 AWSPENDING', 'v1{AWSCURRENT} v2{AWSPENDING}'],
    ['move AWSCURRENT v1>v2', 'v1{AWSPREVIOUS} v2{AWSCURRENT,AWSPENDING}'],
    ['put v3', 'v1- v2{AWSPREVIOUS} v3{AWSCURRENT}'],
  ]));

test('LocalStack recorded: AWSPENDING moves to the next pending version', () =>
  play([
    ['put v2 AWSPENDING', 'v1{AWSCURRENT} v2{AWSPENDING}'],
    ['move AWSCURRENT v1>v2', 'v1{AWSPREVIOUS} v2{AWSCURRENT,AWSPENDING}'],
    ['put v3 AWSPENDING', 'v1{AWSPREVIOUS} v2{AWSCURRENT} v3{AWSPENDING}'],
    ['move AWSCURRENT v2>v3', 'v1- v2{AWSPREVIOUS} v3{AWSCURRENT,AWSPENDING}'],
  ]));

test('LocalStack recorded: custom labels stay on the version that loses AWSCURRENT', () =>
  play([
    ['put v2 AWSPENDING,AWSSOMETHING,PUT1', 'v1{AWSCURRENT} v2{AWSPENDING,AWSSOMETHING,PUT1}'],
    ['move AWSCURRENT v1>v2', 'v1{AWSPREVIOUS} v2{AWSCURRENT,AWSPENDING,AWSSOMETHING,PUT1}'],
    ['put v3 AWSPENDING,PUT2', 'v1{AWSPREVIOUS} v2{AWSCURRENT,AWSSOMETHING,PUT1} v3{AWSPENDING,PUT2}'],
    ['move AWSCURRENT v2>v3', 'v1- v2{AWSPREVIOUS,AWSSOMETHING,PUT1} v3{AWSCURRENT,AWSPENDING,PUT2}'],
  ]));

test('LocalStack recorded: custom labels stay on the version that loses AWSPREVIOUS', () =>
  play([
    ['put v2 AWSCURRENT,PUT0', 'v1{AWSPREVIOUS} v2{AWSCURRENT,PUT0}'],
    ['put v3 AWSPENDING,PUT1', 'v1{AWSPREVIOUS} v2{AWSCURRENT,PUT0} v3{AWSPENDING,PUT1}'],
    ['move AWSCURRENT v2>v3', 'v1- v2{AWSPREVIOUS,PUT0} v3{AWSCURRENT,AWSPENDING,PUT1}'],
    ['put v4 AWSPENDING,PUT2', 'v1- v2{AWSPREVIOUS,PUT0} v3{AWSCURRENT,PUT1} v4{AWSPENDING,PUT2}'],
    ['move AWSCURRENT v3>v4', 'v1- v2{PUT0} v3{AWSPREVIOUS,PUT1} v4{AWSCURRENT,AWSPENDING,PUT2}'],
  ]));

test('LocalStack recorded: a custom label can be removed', () =>
  play([
    ['put v2 PENDING', 'v1{AWSCURRENT} v2{PENDING}'],
    ['move AWSCURRENT v1>v2', 'v1{AWSPREVIOUS} v2{AWSCURRENT,PENDING}'],
    ['remove PENDING v2', 'v1{AWSPREVIOUS} v2{AWSCURRENT}'],
  ]));

test('LocalStack recorded: a new version takes its listed labels and no others', () =>
  play([
    ['put v2 one,three,two', 'v1{AWSCURRENT} v2{one,three,two}'],
    ['put v3 four,one,two', 'v1{AWSCURRENT} v2{three} v3{four,one,two}'],
    ['put v4 four,one,three,two', 'v1{AWSCURRENT} v2- v3- v4{four,one,three,two}'],
    ['put v5 AWSCURRENT', 'v1{AWSPREVIOUS} v2- v3- v4{four,one,three,two} v5{AWSCURRENT}'],
  ]));

test('LocalStack recorded: the first value of an empty secret is current', () => {
  play([['put v1', 'v1{AWSCURRENT}']], true);
  // Documented; a test of the Terraform provider reads the listed label alone, straight after the call.
  play(
    [
      ['put v1 custom', 'v1{AWSCURRENT,custom}'],
      ['put v2 custom', 'v1{AWSCURRENT} v2{custom}'],
    ],
    true,
  );
});

test('moto verified: a pending version can be promoted by hand', () =>
  play([
    ['put v2 AWSCURRENT', 'v1{AWSPREVIOUS} v2{AWSCURRENT}'],
    ['put v3 AWSPENDING', 'v1{AWSPREVIOUS} v2{AWSCURRENT} v3{AWSPENDING}'],
    ['move AWSCURRENT v2>v3', 'v1- v2{AWSPREVIOUS} v3{AWSCURRENT,AWSPENDING}'],
  ]));

test('Terraform provider observed: a label on no version is assigned without a holder', () =>
  play(
    [
      ['put v1 AWSCURRENT,one', 'v1{AWSCURRENT,one}'],
      ['move two >v1', 'v1{AWSCURRENT,one,two}'],
      ['remove one v1', 'v1{AWSCURRENT,two}'],
      ['move one >v1', 'v1{AWSCURRENT,one,two}'],
    ],
    true,
  ));

test('user guide: a rollback swaps AWSCURRENT and AWSPREVIOUS', () =>
  play([
    ['move one >v1', 'v1{AWSCURRENT,one}'],
    ['put v2', 'v1{AWSPREVIOUS,one} v2{AWSCURRENT}'],
    ['move AWSCURRENT v2>v1', 'v1{AWSCURRENT,one} v2{AWSPREVIOUS}'],
  ]));

const refusalOf = (outcome: { readonly ok: boolean; readonly refusal?: Refusal }): Refusal | undefined =>
  outcome.refusal;

const pending = (): SecretState => {
  const one = model.createSecret({ name: 'db', at: 0, versionId: idOf('v1') });
  return model.createVersion(one, { at: 1000, versionId: idOf('v2'), stages: ['AWSPENDING', 'custom'] });
};

test('moto verified: a label moves only if its version is named, and the refusal names it', () => {
  const state = pending();
  const promotion = { stage: 'AWSCURRENT', versionId: idOf('v2'), at: 2000 };
  const refusal = refusalOf(model.tryAssignStage(state, promotion));
  expect(refusal).toEqual({ code: 'HOLDER_NOT_NAMED', stage: 'AWSCURRENT', holder: idOf('v1') });
  expect(refusal && explain(refusal)).toBe(
    `Stage "AWSCURRENT" is on version "${idOf('v1')}". Pass \`from: "${idOf('v1')}"\` to move it.`,
  );
  expect(refusalOf(model.tryAssignStage(state, { ...promotion, from: idOf('v2') }))).toMatchObject({
    code: 'WRONG_HOLDER',
    holder: idOf('v1'),
  });
  expect(refusalOf(model.tryAssignStage(state, { ...promotion, from: null }))).toMatchObject({ code: 'WRONG_HOLDER' });
  // Where it is already, there is no holder to name.
  expect(boardOf(model.assignStage(state, { ...promotion, versionId: idOf('v1') }))).toBe(boardOf(state));
});

test('removeStage refuses AWSCURRENT and removes every other label', () => {
  const state = model.assignStage(pending(), {
    stage: 'AWSCURRENT',
    versionId: idOf('v2'),
    at: 2000,
    from: idOf('v1'),
  });
  expect(refusalOf(model.tryRemoveStage(state, { stage: 'AWSCURRENT', at: 3000, from: idOf('v2') }))).toMatchObject({
    code: 'BUILT_IN_STAGE',
  });
  const bare = ['AWSPENDING', 'AWSPREVIOUS', 'custom'].reduce(
    (before, stage) => model.removeStage(before, { stage, at: 3000 }),
    state,
  );
  expect(boardOf(bare)).toBe('v1- v2{AWSCURRENT}');
});

test('assignStage takes AWSCURRENT without `from` if no version is current, and AWSPREVIOUS stays', () => {
  const held = model.assignStage(pending(), { stage: 'AWSPREVIOUS', versionId: idOf('v1'), at: 1500 });
  const imported = { ...held, stages: held.stages.filter(({ name }) => name !== 'AWSCURRENT') };
  expect(model.latestVersion(imported)).toBeUndefined();
  const promoted = model.assignStage(imported, { stage: 'AWSCURRENT', versionId: idOf('v2'), at: 2000 });
  expect(boardOf(promoted)).toBe('v1{AWSPREVIOUS} v2{AWSCURRENT,AWSPENDING,custom}');
});

test('createVersion ignores a repeated token with the same content, and refuses it with other content', () => {
  const token = idOf('token');
  const put = { at: 3000, versionId: token, fingerprint: 'hmac:1' };
  const state = model.createVersion(pending(), put);
  expect(model.createVersion(state, { ...put, at: 4000, stages: ['custom'] })).toBe(state);
  for (const fingerprint of ['hmac:2', undefined]) {
    expect(refusalOf(model.tryCreateVersion(state, { ...put, fingerprint }))).toEqual({
      code: 'VERSION_ID_TAKEN',
      versionId: token,
      exists: true,
    });
  }
  // Who gave no fingerprint leaves nobody to compare with.
  expect(refusalOf(model.tryCreateVersion(pending(), { at: 2000, versionId: idOf('v2') }))).toMatchObject({
    code: 'VERSION_ID_TAKEN',
  });
  const born = model.createSecret({ name: 'db', at: 0, versionId: token, fingerprint: 'hmac:1' });
  expect(model.createVersion(born, put)).toBe(born);
});

test('assignStage refuses a 21st label on all versions, including built-in ones', () => {
  const labels = Array.from({ length: 20 }, (_, index) => `label-${index + 1}`);
  const state = pending();
  const full = model.createVersion(state, { at: 2000, versionId: idOf('v3'), stages: labels.slice(0, 17) });
  expect(model.remainingStages(full)).toBe(0);
  expect(refusalOf(model.tryAssignStage(full, { stage: 'more', versionId: idOf('v1'), at: 3000 }))).toMatchObject({
    code: 'STAGE_LIMIT',
    limit: 20,
  });
  // A plain value takes AWSPENDING off, so that AWSPREVIOUS finds room.
  expect(stagesOf(model.createVersion(full, { at: 3000, versionId: idOf('v4') }), idOf('v1'))).toEqual(['AWSPREVIOUS']);
  const settled = model.createVersion(pending(), { at: 2000, versionId: idOf('v3') });
  const packed = model.createVersion(settled, { at: 3000, versionId: idOf('v4'), stages: labels.slice(0, 17) });
  const move = { stage: 'AWSCURRENT', versionId: idOf('v1'), at: 4000, from: idOf('v3') };
  expect(boardOf(model.assignStage(packed, move))).toContain('v3{AWSPREVIOUS}');
});

test('createVersion takes lists of 1 to 20 labels, each of 1 to 256 characters', () => {
  const state = pending();
  const put = { at: 2000, versionId: idOf('v3') };
  expect(refusalOf(model.tryCreateVersion(state, { ...put, stages: [] }))).toEqual({
    code: 'INVALID_VALUE',
    field: 'stages',
    rule: 'a list of at least one stage name',
    found: 'an empty list',
  });
  const same = Array.from({ length: 21 }, () => 'same');
  expect(refusalOf(model.tryCreateVersion(state, { ...put, stages: same }))).toMatchObject({
    code: 'STAGE_LIST_LIMIT',
    limit: 20,
  });
  expect(model.tryCreateVersion(state, { ...put, stages: same.slice(1) }).ok).toBe(true);
  expect(model.tryCreateVersion(state, { ...put, stages: ['ü'.repeat(256)] }).ok).toBe(true);
  for (const name of ['', 'a'.repeat(257)]) {
    expect(refusalOf(model.tryCreateVersion(state, { ...put, stages: [name] }))).toMatchObject({
      code: 'INVALID_VALUE',
      field: 'stages[0]',
      found: foundText(name),
    });
  }
});

test('createVersion takes ids of 32 to 64 characters, and so does the series', () => {
  const state = pending();
  for (const [length, ok] of [
    [31, false],
    [32, true],
    [64, true],
    [65, false],
  ] as const) {
    expect(model.tryCreateVersion(state, { at: 2000, versionId: 'x'.repeat(length) }).ok).toBe(ok);
  }
  let series = model.createSecret({ name: 'db', at: 0 });
  for (let at = 1; at <= 11; at++) series = model.createVersion(series, { at });
  expect(model.currentVersion(series)).toBe('00000000-0000-4000-8000-0000000000012');
});

const day = 24 * 3_600_000;

test('createVersion deletes the oldest deprecated version for a 101st, unless it is younger than a day', () => {
  let state = createSecret({ name: 'db', at: 0 }, aws);
  for (let at = 1; at < 100; at++) state = model.createVersion(state, { at });
  const [first] = versionsByAge(state);
  expect(model.pruneDeprecated(state)).toBe(state);
  const refusal = refusalOf(model.tryCreateVersion(state, { at: day - 1 }));
  expect(refusal).toMatchObject({ code: 'VERSION_LIMIT', limit: 100, roomAt: day });
  expect(refusal && explain(refusal)).toMatch(
    /and none can be deleted before 1970-01-02T00:00:00\.000Z\. Wait until then\.$/,
  );
  const next = model.createVersion(state, { at: day });
  expect(versionsByAge(next)).toHaveLength(100);
  expect(first?.id && next.versions[first.id]).toBeUndefined();
});

test('parseSecretState takes a few more than 100 versions, and createVersion keeps their number', () => {
  const versions = Array.from({ length: 103 }, (_, index) => ({
    id: `00000000-0000-4000-8000-00000000000${index + 1}`,
    createTime: index,
    ordinal: index + 1,
  }));
  const [current] = versions;
  const outcome = model.parseSecretState({
    ...createSecret({ name: 'db', at: 0 }, aws),
    versions: Object.fromEntries(versions.map((version) => [version.id, version])),
    stages: [{ name: 'AWSCURRENT', versionId: current?.id, updateTime: 0 }],
    versionsMade: 103,
    lastNumber: 103,
  });
  expect(outcome.ok && versionsByAge(model.createVersion(outcome.state, { at: 2 * day }))).toHaveLength(103);
});

test('a secret is ENABLED or PENDING_DELETE, and its labels cannot change while a deletion is scheduled', () => {
  const state = model.scheduleDeletion(pending(), { at: 2000, recoveryWindowInDays: 7 });
  expect(refusalOf(model.trySetStatus(pending(), { status: 'DISABLED', at: 2000 }))).toMatchObject({
    code: 'INVALID_VALUE',
    rule: 'one of ENABLED',
  });
  const move = { stage: 'custom', versionId: idOf('v1'), at: 3000, from: idOf('v2') };
  expect(refusalOf(model.tryAssignStage(state, move))).toMatchObject({ code: 'SECRET_NOT_ENABLED' });
  expect(boardOf(model.restore(state, { at: 3000 }))).toBe(boardOf(pending()));
});

test('createSecret takes names of up to 512 characters, including slashes', () => {
  const named = (name: string) => model.tryCreateSecret({ name, at: 0 }).ok;
  expect([
    named('Valid/_+=.@-Name-a1b2c3'),
    named('rds!db-1'),
    named('x'.repeat(512)),
    named('x'.repeat(513)),
    named('a b'),
  ]).toEqual([true, true, true, false, false]);
});

test('all operations take the dialect', () => {
  const state = pending();
  const move = { stage: 'AWSCURRENT', versionId: idOf('v2'), at: 2000, from: idOf('v1') };
  expect(boardOf(assignStage(state, move, aws))).toBe('v1{AWSPREVIOUS} v2{AWSCURRENT,AWSPENDING,custom}');
  expect(tryRemoveStage(state, { stage: 'AWSPENDING', at: 2000 }, aws).ok).toBe(true);
});
