import { expect, test } from 'vitest';
import {
  alibabaKms,
  applyAll,
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  type Dialect,
  googleSecretManager,
  type SecretAction,
  type SecretState,
  stagesOf,
  versionOf,
} from '../../src/index.ts';
import { check, checkHistory, checkPlan, importAws } from '../../src/policy/index.ts';

const day = 86_400_000;
const token = (number: number) => `${awsSecretsManager.versions.idPrefix}${number}`;

const rulesIn = (state: SecretState, at: number, dialect: Dialect) =>
  check(state, { at, expireTimes: {}, dialect }).findings.map(({ rule }) => rule);

/** Follows the remedies until none is left, and returns the remaining findings. */
const remedied = (state: SecretState, at: number, dialect: Dialect): SecretState => {
  const remedy = check(state, { at, dialect }).findings.find((finding) => finding.remedy.length > 0)?.remedy;
  return remedy ? remedied(applyAll(state, remedy, dialect), at, dialect) : state;
};

const awsOne = createSecret({ name: 'db', at: 0, versionId: token(1) }, awsSecretsManager);
const rotating = createVersion(awsOne, { at: 1, stages: ['AWSPENDING'] }, awsSecretsManager);
const promotion: SecretAction = {
  type: 'assignStage',
  stage: 'AWSCURRENT',
  versionId: token(2),
  at: 2,
  from: token(1),
};

test('AWS: check reports a stuck rotation by its pending label, and moves that to the current version', () => {
  const at = 8 * day;
  expect(check(rotating, { at, expireTimes: {}, dialect: awsSecretsManager })).toEqual({
    findings: [
      {
        rule: 'stuck-stage',
        severity: 'warning',
        sentence: `Stage "AWSPENDING" has been on version "${token(2)}" for 7 days, and that version is not current.`,
        stage: 'AWSPENDING',
        versionId: token(2),
        since: 1,
        remedy: [{ type: 'assignStage', stage: 'AWSPENDING', versionId: token(1), at, from: token(2) }],
      },
    ],
    unchecked: [],
    remarks: [],
  });
  expect(rulesIn(remedied(rotating, at, awsSecretsManager), at, awsSecretsManager)).toEqual([]);
});

test('AWS: check reports nothing after a rotation, with or without its pending label', () => {
  const rotated = applyAll(rotating, [promotion], awsSecretsManager);
  expect(rulesIn(rotated, 400 * day, awsSecretsManager)).toEqual([]);
  const again = createVersion(rotated, { at: 3 }, awsSecretsManager);
  expect(versionOf(again, 'AWSPENDING')).toBeUndefined();
  expect(rulesIn(again, 400 * day, awsSecretsManager)).toEqual([]);
});

test('AWS: checkPlan refuses a promotion without the current version, and names that version', () => {
  const { from, ...unnamed } = promotion;
  expect(from).toBe(token(1));
  expect(checkPlan(rotating, [unnamed], { at: 2, dialect: awsSecretsManager })).toEqual({
    allowed: false,
    index: 0,
    sentence: expect.stringContaining(`"${token(1)}"`),
    refusal: { code: 'HOLDER_NOT_NAMED', stage: 'AWSCURRENT', holder: token(1) },
  });
  expect(checkPlan(rotating, [promotion], { at: 2, dialect: awsSecretsManager })).toMatchObject({
    allowed: true,
    asked: [{ type: 'stageMoved', stage: 'AWSCURRENT', from: token(1), to: token(2) }],
    follows: [{ stage: 'AWSPREVIOUS', to: token(1) }],
    causes: [],
  });
});

test('AWS: a rollback swaps the two labels, so it can be undone', () => {
  const rotated = applyAll(rotating, [promotion], awsSecretsManager);
  const back: SecretAction = { ...promotion, versionId: token(1), at: 3, from: token(2) };
  const request = { at: 3, dialect: awsSecretsManager };
  expect(checkPlan(rotated, [back], request)).toMatchObject({
    causes: [{ rule: 'stuck-stage', stage: 'AWSPENDING', versionId: token(2) }, { rule: 'rollback' }],
  });
  const withPending: SecretAction = { ...back, stage: 'AWSPENDING' };
  for (const actions of [
    [back, withPending],
    [withPending, back],
  ])
    expect(checkPlan(rotated, actions, request)).toMatchObject({ causes: [{ rule: 'rollback' }] });
  const moments = [rotating, rotated, applyAll(rotated, [back], awsSecretsManager)];
  const past = checkHistory(
    moments.map((state, index) => ({ at: index + 1, state })),
    { at: 4, dialect: awsSecretsManager },
  );
  expect(past.map(({ rule, from, until }) => [rule, from, until])).toEqual([
    ['stuck-stage', 3, 3],
    ['rollback', 3, 3],
  ]);
});

test('AWS: check reports a pending label that a rollback left on the previous version', () => {
  const promoted = applyAll(rotating, [promotion], awsSecretsManager);
  const back = assignStage(promoted, { ...promotion, versionId: token(1), from: token(2), at: 3 }, awsSecretsManager);
  expect(stagesOf(back, token(2))).toEqual(['AWSPENDING', 'AWSPREVIOUS']);
  const at = 30 * day;
  expect(check(back, { at, expireTimes: {}, dialect: awsSecretsManager }).findings).toMatchObject([
    {
      rule: 'stuck-stage',
      stage: 'AWSPENDING',
      versionId: token(2),
      remedy: [{ versionId: token(1), from: token(2) }],
    },
  ]);
  const Versions = [
    { VersionId: token(1), VersionStages: ['AWSCURRENT'], CreatedDate: 0 },
    { VersionId: token(2), VersionStages: ['AWSPREVIOUS', 'AWSPENDING'], CreatedDate: 0.001 },
  ];
  const imported = importAws([{ ARN: 'arn:aws:secretsmanager:x:1:secret:db-a1b2c3', Name: 'db', Versions }]);
  expect(imported.ok && imported.secrets.flatMap((one) => check(one.state, { ...one, at }).findings)).toMatchObject([
    { sentence: `Stage "AWSPENDING" is on version "${token(2)}", which was created 29 days ago and is not current.` },
  ]);
});

test('AWS: check removes the pending label of a first rotation that made no value, and does not make its version current', () => {
  const empty = createSecret({ name: 'db', at: 0, versionId: null }, awsSecretsManager);
  const request = { at: 1, versionId: token(1), stages: ['AWSPENDING'] };
  const begun = createVersion(empty, { ...request, withoutValue: true }, awsSecretsManager);
  const at = 8 * day;
  const findingsIn = (state: SecretState) => check(state, { at, expireTimes: {}, dialect: awsSecretsManager }).findings;
  expect(findingsIn(begun)).toMatchObject([
    { rule: 'current-exists', remedy: [] },
    { rule: 'stuck-stage', remedy: [{ type: 'removeStage', stage: 'AWSPENDING', at, from: token(1) }] },
  ]);
  // A value may be the one that should become current.
  expect(findingsIn(createVersion(begun, request, awsSecretsManager))).toMatchObject([
    { rule: 'current-exists', remedy: [] },
    { rule: 'stuck-stage', remedy: [] },
  ]);
});

test('AWS: check makes the newest version that is not pending current, if none is', () => {
  const { stages } = rotating;
  const pending = { ...rotating, stages: stages.filter(({ name }) => name === 'AWSPENDING') };
  const at = 2;
  const [found] = check(pending, { at, dialect: awsSecretsManager }).findings;
  expect(found).toMatchObject({
    rule: 'current-exists',
    remedy: [{ type: 'assignStage', stage: 'AWSCURRENT', versionId: token(1), at, from: null }],
  });
  expect(rulesIn(remedied(pending, at, awsSecretsManager), at, awsSecretsManager)).toEqual([]);
  const empty = createSecret({ name: 'db', at: 0, versionId: null }, awsSecretsManager);
  expect(check(empty, { at, dialect: awsSecretsManager }).findings).toEqual([]);
});

test('AWS: check ignores old deprecated versions, and a full secret once one of them is a day old', () => {
  const full = Array.from({ length: 99 }).reduce<SecretState>(
    (state) => createVersion(state, { at: day }, awsSecretsManager),
    awsOne,
  );
  expect(rulesIn(full, day, awsSecretsManager)).toEqual([]);
  const pinned = assignStage(full, { stage: 'AWSPENDING', versionId: token(1), at: day }, awsSecretsManager);
  expect(rulesIn(pinned, day, awsSecretsManager)).toEqual(['version-budget']);
  expect(rulesIn(pinned, 2 * day, awsSecretsManager)).toEqual([]);
});

const rotated = [1, 2].reduce(
  (state, at) => createVersion(state, { at }, alibabaKms),
  createSecret({ name: 'db', at: 0 }, alibabaKms),
);

test('Alibaba Cloud: after a rollback, check makes the version that was current the previous one', () => {
  const back = assignStage(rotated, { stage: 'ACSCurrent', versionId: 'v2', at: 3 }, alibabaKms);
  expect(check(back, { at: 3, expireTimes: {}, dialect: alibabaKms })).toMatchObject({
    findings: [
      {
        rule: 'previous-is-not-current',
        remedy: [{ type: 'assignStage', stage: 'ACSPrevious', versionId: 'v1', at: 3, from: 'v2' }],
      },
    ],
    unchecked: [],
  });
  expect(rulesIn(remedied(back, 3, alibabaKms), 3, alibabaKms)).toEqual([]);
});

test('Alibaba Cloud: check reports the stage limit but never the version limit, as eight stages cannot mark ten versions', () => {
  const marked = ['a', 'b', 'c', 'd', 'e', 'f'].reduce(
    (state, stage, index) => createVersion(state, { at: 3 + index, stages: [stage] }, alibabaKms),
    rotated,
  );
  const at = 20 * day;
  expect(rulesIn(marked, 9, alibabaKms)).toEqual(['stage-budget']);
  expect(rulesIn(marked, at, alibabaKms)).toEqual([...Array.from({ length: 6 }, () => 'stuck-stage'), 'stage-budget']);
  expect(rulesIn(remedied(marked, at, alibabaKms), at, alibabaKms)).toEqual(['stage-budget']);
});

test('Google Cloud: check reports only the limit of aliases', () => {
  const empty = createSecret({ name: 'db', at: 0, versionId: null }, googleSecretManager);
  const many = Array.from({ length: 60 }).reduce<SecretState>(
    (state) => createVersion(state, { at: 1 }, googleSecretManager),
    empty,
  );
  const aliased = ['prod', 'AWSCURRENT', 'Prod'].reduce(
    (state, stage) => assignStage(state, { stage, versionId: '9', at: 2 }, googleSecretManager),
    many,
  );
  const at = 400 * day;
  for (const state of [empty, many]) {
    expect(check(state, { at, expireTimes: {}, unknown: [{ what: 'issued' }], dialect: googleSecretManager })).toEqual({
      findings: [],
      unchecked: [],
      remarks: [],
    });
  }
  expect(rulesIn(aliased, at, googleSecretManager)).toEqual(['lookalike-names', 'reserved-name']);
  const crowded = Array.from({ length: 48 }).reduce<SecretState>(
    (state, _, index) => assignStage(state, { stage: `a${index}`, versionId: '1', at: 2 }, googleSecretManager),
    many,
  );
  expect(check(crowded, { at, dialect: googleSecretManager }).findings).toMatchObject([
    { rule: 'stage-budget', sentence: 'The secret has room for 2 more stages (limit 50).' },
  ]);
});
