import { fc, test as property } from '@fast-check/vitest';
import { expect, test } from 'vitest';
import {
  alibabaKms,
  applyAll,
  assignStage,
  awsSecretsManager,
  createSecret,
  createVersion,
  currentVersion,
  type Dialect,
  googleSecretManager,
  huaweiCsms,
  isIssued,
  reduce,
  type SecretAction,
  type SecretState,
  type SecretStatus,
  tryReduce,
  versionOf,
  versionsByAge,
} from '../../src/index.ts';
import { describeNoPath, type NoPath, type Path, pathTo, type Wanted } from '../../src/policy/path-to.ts';
import { actionIn, livedAnywhere, wish } from '../arbitraries.ts';

const small: Dialect = { ...huaweiCsms, stageName: /^(SYSCURRENT|SYSPREVIOUS|detour1)$/, versionLimit: 2 };

interface World {
  readonly ids: readonly string[];
  readonly statuses: readonly SecretStatus[];
  readonly at: number;
}

/** The last name is the one that a path takes when it needs a spare stage, so that the world holds every stage of a path. */
const stageNamesOf = ({ builtInStages: own }: Dialect): readonly string[] => [
  ...(own.length > 0 ? own : ['blue', 'green']),
  'detour1',
];

/** Every action of a world, whatever the state. */
const everything = ({ ids, statuses, at }: World, dialect: Dialect): readonly SecretAction[] => {
  const stageNames = stageNamesOf(dialect);
  const lists = Array.from({ length: 2 ** stageNames.length }, (_, bits) =>
    stageNames.filter((_, index) => bits & (1 << index)),
  );
  return [
    ...ids.flatMap((versionId): SecretAction[] => [
      { type: 'createVersion', versionId, at },
      ...lists.map((stages): SecretAction => ({ type: 'createVersion', versionId, stages, at })),
      ...stageNames.map((stage): SecretAction => ({ type: 'assignStage', stage, versionId, at })),
    ]),
    ...stageNames.map((stage): SecretAction => ({ type: 'removeStage', stage, at })),
    ...[0, 1, 2].map((keep): SecretAction => ({ type: 'pruneDeprecated', keep })),
    ...[1, 2, 3].map((createdBefore): SecretAction => ({ type: 'pruneDeprecated', createdBefore })),
    ...statuses.map(
      (status): SecretAction =>
        status === 'PENDING_DELETE' ? { type: 'scheduleDeletion', at } : { type: 'setStatus', status, at },
    ),
    { type: 'restore', at },
  ];
};

/** The action that names the version that its stage is on. */
const namingHolder = (state: SecretState, action: SecretAction): SecretAction =>
  action.type === 'assignStage' ? { ...action, from: versionOf(state, action.stage) ?? null } : action;

const placesOf = (stages: Wanted['stages']) => stages.map(({ name, versionId }) => [name, versionId]);
const loosely = ({ status, stages }: SecretState) => JSON.stringify([status, placesOf(stages)]);
const exactly = (state: SecretState) => JSON.stringify([loosely(state), Object.keys(state.versions).sort()]);
const wholly = (state: SecretState, { ids }: World, dialect: Dialect) =>
  JSON.stringify([loosely(state), versionsByAge(state), ids.filter((id) => isIssued(state, id, dialect))]);

/** How many actions it takes from a state to every other, found by trying everything. */
const distances = (start: SecretState, world: World, dialect: Dialect) => {
  const actions = everything(world, dialect);
  const reached = new Map([[wholly(start, world, dialect), { state: start, length: 0 }]]);
  const found = new Map<string, number>();
  for (const { state, length } of reached.values()) {
    for (const key of [exactly(state), loosely(state)]) found.set(key, found.get(key) ?? length);
    for (const action of actions) {
      const outcome = tryReduce(state, namingHolder(state, action), dialect);
      const key = outcome.ok ? wholly(outcome.state, world, dialect) : '';
      if (outcome.ok && !reached.has(key)) reached.set(key, { state: outcome.state, length: length + 1 });
    }
  }
  return { found, states: [...reached.values()].map(({ state }) => state) };
};

const lengthOf = (path: Path): number | undefined => {
  if (!path.ok) expect(path.why.code).not.toBe('SEARCH_LIMIT');
  return path.ok ? path.actions.length : undefined;
};

/** Compares every path of a world, or a part of them, with what trying everything finds. */
const compare = (dialect: Dialect, world: World, oneIn: number): number => {
  const first = dialect.versionsComeLater ? [null, ...world.ids] : world.ids;
  const born = first.map((versionId) => createSecret({ name: 'db', at: 2, versionId }, dialect));
  const alive = born.map((state) => distances(state, { ...world, at: 2 }, dialect).states);
  const goals = new Map(alive.flat().map((state) => [exactly(state), state]));
  let pairs = 0;
  for (const start of (alive[0] ?? []).filter((_, index) => index % oneIn === world.at % oneIn)) {
    const { found } = distances(start, world, dialect);
    for (const goal of goals.values()) {
      const { stages, status } = goal;
      const lengths = [goal, { stages, status }].map((wanted) => lengthOf(pathTo(start, wanted, world, dialect)));
      // A matcher for each pair would take longer than the search.
      if (lengths[0] !== found.get(exactly(goal)) || lengths[1] !== found.get(loosely(goal))) {
        expect({ start, goal, lengths }).toEqual([found.get(exactly(goal)), found.get(loosely(goal))]);
      }
      pairs += 2;
    }
  }
  return pairs;
};

const isDeep = process.env['DEEP'] !== undefined;

test.each<Partial<Dialect>>([
  {},
  { versionLimit: 3 },
  { versionLimit: 3, stageLimit: 2 },
  { stageListLimit: 1 },
  { previousFollowsMove: true },
  { previousFollowsListedCurrent: true },
  { previousFollowsMove: true, previousFollowsListedCurrent: true, deprecatedIsFinal: true },
  { deprecatedIsFinal: true, versionLimit: 3 },
  { versionLimitIsHard: true },
  { versionLimitIsHard: true, deprecatedIsFinal: true },
  { stageLimit: 2, freeStages: ['SYSCURRENT'] },
  { stageLimit: 2, freeStages: ['SYSCURRENT', 'detour1'] },
])(
  'in a small world under %j no way is shorter than a path, and where there is none there is no way',
  (rules) => {
    const dialect = { ...small, ...rules };
    // At 1 a new version is older than all that are there, for the clock has gone back.
    for (const at of [3, 1]) {
      const pairs = compare(dialect, { ids: ['x', 'y', 'z'], statuses: [], at }, isDeep ? 1 : 8);
      if (isDeep) console.log(JSON.stringify(rules), at, pairs);
      expect(pairs).toBeGreaterThan(1000);
    }
  },
  120_000,
);

test.each<Partial<Dialect>>([
  {},
  { stagesNeverRest: true },
  { stagesNeverRest: true, deletionNeedsEnabled: true },
  { pruningNeedsEnabled: true },
  { pruningNeedsEnabled: true, deletionNeedsEnabled: true, versionLimitIsHard: true },
])(
  'the same holds under %j where a secret is disabled, frozen or to be deleted',
  (rules) => {
    const world: World = { ids: ['x', 'y'], statuses: ['ENABLED', 'DISABLED', 'FROZEN', 'PENDING_DELETE'], at: 3 };
    const pairs = compare({ ...small, ...rules }, world, isDeep ? 1 : 8);
    if (isDeep) console.log(JSON.stringify(rules), pairs);
    expect(pairs).toBeGreaterThan(1000);
  },
  120_000,
);

const day = 86_400_000;

test.each([
  { cloud: awsSecretsManager, versionLimit: 2, oneIn: 300 },
  { cloud: awsSecretsManager, versionLimit: 3, oneIn: 700 },
  { cloud: alibabaKms, versionLimit: 2, oneIn: 20 },
  { cloud: alibabaKms, versionLimit: 3, oneIn: 20 },
  { cloud: googleSecretManager, versionLimit: null, oneIn: 50 },
])(
  'the same holds in a small world of $cloud.name with a limit of $versionLimit versions',
  ({ cloud, versionLimit, oneIn }) => {
    const stageName = new RegExp(`^(${stageNamesOf(cloud).join('|')})$`);
    const dialect: Dialect = { ...cloud, stageLimit: 4, stageName, versionLimit };
    const ids = [1, 2, 3].map((number) => `${cloud.versionIdPrefix}${number}`);
    for (const at of [3, 1, 3 + day]) {
      const pairs = compare(dialect, { ids, statuses: [], at }, isDeep ? 1 : oneIn);
      if (isDeep) console.log(dialect.name, versionLimit, at, pairs);
      expect(pairs).toBeGreaterThan(500);
    }
    const world: World = { ids: ids.slice(1), statuses: dialect.statuses, at: 3 };
    expect(compare(dialect, world, isDeep ? 1 : oneIn)).toBeGreaterThan(20);
  },
  isDeep ? 1e9 : 120_000,
);

const lengthIn = (path: Path) => (path.ok ? path.actions.length : describeNoPath(path.why));

property.prop([livedAnywhere, fc.array(wish, { maxLength: 6 })])(
  'a path leads where a history led, in no more actions, each is accepted, and the current stage is never missing that shall stay',
  ({ dialect, state }, wishes) => {
    // A history may take the current stage off and put it on again, which no path does.
    fc.pre(!dialect.removableStages?.some((stage) => stage === dialect.currentStage));
    let there = state;
    for (const one of wishes) {
      const outcome = tryReduce(there, actionIn(dialect, one, there), dialect);
      there = outcome.ok ? outcome.state : there;
    }
    // So late that every deprecated version is old enough to make room.
    const path = pathTo(state, there, { at: 8e15, mostStates: 300 }, dialect);
    if (!path.ok) return expect(path.why.code).toBe('SEARCH_LIMIT');
    let next = state;
    for (const action of path.actions) {
      const isCurrent = currentVersion(next, dialect) !== undefined && currentVersion(there, dialect) !== undefined;
      next = reduce(next, action, dialect);
      if (isCurrent) expect(currentVersion(next, dialect)).toBeDefined();
    }
    expect(exactly(next)).toBe(exactly(there));
    expect(path.actions.length).toBeLessThanOrEqual(wishes.length);
  },
);

const twelve = ['SYSCURRENT', 'SYSPREVIOUS', ...Array.from({ length: 10 }, (_, index) => `stage-${index}`)];
const born = createSecret({ name: 'db', at: 0 });
const twenty = Array.from({ length: 19 }).reduce<SecretState>(
  (state) => createVersion(state, { at: 1, stages: [] }),
  born,
);
const on = (versionOf: (index: number) => number) =>
  twelve.map((name, index) => ({ name, versionId: `v${versionOf(index)}` }));
const marked = on((index) => index + 1).reduce(
  (state, { name, versionId }) => assignStage(state, { stage: name, versionId, at: 2 }),
  twenty,
);
const permuted = on((index) => 1 + ((index + 5) % 12));

test('twelve stages on twenty versions, all permuted, are put right without looking around', () => {
  const wanted = { stages: permuted, versions: marked.versions };
  expect(lengthIn(pathTo(marked, wanted, { at: 3, mostStates: 12 }))).toBe(12);
  expect(pathTo(marked, wanted, { at: 3, mostStates: 11 })).toEqual({
    ok: false,
    why: { code: 'SEARCH_LIMIT', states: 11 },
  });
});

test('neither does it take long where one of the versions makes room for a new one, by a detour', () => {
  const full: Dialect = { ...huaweiCsms, versionLimit: 12 };
  const twelveVersions = reduce(marked, { type: 'pruneDeprecated' });
  const stages = permuted.map((stage) => (stage.versionId === 'v1' ? { ...stage, versionId: 'new' } : stage));
  const swapped = marked.stages.map((stage) => (stage.versionId === 'v1' ? { ...stage, versionId: 'new' } : stage));
  const renewed = on((index) => 101 + index);
  expect(lengthIn(pathTo(twelveVersions, { stages }, { at: 3, mostStates: 200 }, full))).toBe(12);
  expect(lengthIn(pathTo(twelveVersions, { stages: swapped }, { at: 3, mostStates: 200 }, full))).toBe(2);
  expect(lengthIn(pathTo(twelveVersions, { stages: renewed }, { at: 3, mostStates: 200 }, full))).toBe(13);
  expect(lengthIn(pathTo(born, { stages: permuted, versions: marked.versions }, { at: 3 }))).toBe(20);
});

test('a version that shall stay is marked while a younger one is pruned', () => {
  const three = createVersion(createVersion(born, { at: 1 }), { at: 2 });
  const four = createVersion(three, { at: 3, stages: [] });
  const path = pathTo(four, { stages: four.stages, versions: three.versions }, { at: 4 });
  expect(lengthIn(path)).toBe(3);
  expect(path.ok && exactly(applyAll(four, path.actions))).toBe(exactly(three));
});

test('the current stage comes first where it is missing, if that costs no action', () => {
  const missing = { ...marked, stages: marked.stages.filter(({ name }) => name !== 'SYSCURRENT') };
  const path = pathTo(missing, { stages: permuted }, { at: 3 });
  expect(path.ok && path.actions).toHaveLength(12);
  expect(path.ok && path.actions[0]).toMatchObject({ type: 'assignStage', stage: 'SYSCURRENT' });

  const bare = { ...twenty, stages: [] };
  const listed = [...permuted.slice(2), ...on(() => 21).slice(0, 2)];
  const withNew = pathTo(
    bare,
    { stages: listed.slice(-4) },
    { at: 3, mostStates: 100 },
    {
      ...huaweiCsms,
      versionLimit: 21,
    },
  );
  expect(withNew.ok && withNew.actions[0]).toMatchObject({ versionId: 'v21', stages: ['SYSCURRENT', 'SYSPREVIOUS'] });

  // The only room for the current stage is where another is now.
  const tight: Dialect = { ...huaweiCsms, stageLimit: 2 };
  const crowded = { ...twenty, stages: marked.stages.filter(({ name }) => /stage-[01]/.test(name)) };
  const stages = [
    { name: 'SYSCURRENT', versionId: 'v1' },
    { name: 'stage-1', versionId: 'v1' },
  ];
  expect(lengthIn(pathTo(crowded, { stages }, { at: 3 }, tight))).toBe(3);
  expect(lengthIn(pathTo(missing, { stages: missing.stages }, { at: 3 }))).toBe(0);
});

test('names that break other code are names like any other', () => {
  const names: Dialect = { ...huaweiCsms, versionIdPrefix: 'v' };
  const stages = ['SYSCURRENT', '__proto__', 'constructor'].map((name, index) => ({
    name,
    versionId: ['constructor', '__proto__', 'hasOwnProperty'][index] ?? '',
  }));
  const path = pathTo(
    born,
    { stages, versions: Object.fromEntries(stages.map((s) => [s.versionId, 1])) },
    { at: 1 },
    names,
  );
  expect(path.ok && placesOf(applyAll(born, path.actions, names).stages).sort()).toEqual(placesOf(stages).sort());
});

const token = (number: number) => `${awsSecretsManager.versionIdPrefix}${number}`;
const awsOne = createSecret({ name: 'db', at: 0, versionId: token(1) }, awsSecretsManager);
const rotating = createVersion(awsOne, { at: 1, stages: ['AWSPENDING', 'blue'] }, awsSecretsManager);
const awsPath = (state: SecretState, stages: Record<string, number>, versions?: Wanted['versions']) => {
  const homes = Object.entries(stages).map(([name, number]) => ({ name, versionId: token(number) }));
  const path = pathTo(state, { stages: homes, versions }, { at: 2 }, awsSecretsManager);
  return path.ok ? path.actions : describeNoPath(path.why);
};

test('every move on a path names the version that the stage is on, or that it is on none', () => {
  const [at, versionId] = [2, token(2)];
  expect(awsPath(rotating, { AWSCURRENT: 2, AWSPENDING: 2, AWSPREVIOUS: 1, blue: 2, green: 1 })).toEqual([
    { type: 'assignStage', stage: 'green', versionId: token(1), at, from: null },
    { type: 'assignStage', stage: 'AWSCURRENT', versionId, at, from: token(1) },
  ]);
});

test('a stage that new versions clear is removed, unless one does that', () => {
  expect(awsPath(rotating, { AWSCURRENT: 1, blue: 2 })).toEqual([{ type: 'removeStage', stage: 'AWSPENDING', at: 2 }]);
  expect(awsPath(rotating, { AWSCURRENT: 3, AWSPREVIOUS: 1, blue: 2 })).toEqual([
    { type: 'createVersion', versionId: token(3), at: 2 },
  ]);
});

test('a version is marked on the way by a stage that goes again by itself, where there is one', () => {
  const grown = [1, 2, 3].reduce((state, at) => createVersion(state, { at }, awsSecretsManager), awsOne);
  const dead = reduce(grown, { type: 'removeStage', stage: 'AWSPREVIOUS', at: 4 }, awsSecretsManager);
  const stages = [
    { name: 'AWSCURRENT', versionId: token(5) },
    { name: 'AWSPREVIOUS', versionId: token(4) },
  ];
  const wanted = { stages, versions: { [token(1)]: 1, [token(2)]: 1, [token(4)]: 1, [token(5)]: 1 } };
  const full: Dialect = { ...awsSecretsManager, versionLimit: 4 };
  const clearing: Dialect = { ...full, removableStages: ['AWSPREVIOUS'] };
  for (const dialect of [full, clearing]) expect(lengthIn(pathTo(dead, wanted, { at: 2 * day }, dialect))).toBe(3);

  const dialect: Dialect = { ...huaweiCsms, removableStages: ['SYSPREVIOUS'], previousFollowsMove: true };
  const bare = reduce(three, { type: 'removeStage', stage: 'SYSPREVIOUS', at: 3 }, dialect);
  const blue = createVersion(bare, { at: 4, stages: ['blue'] });
  const moves = { ...moved('v4'), versions: { v1: 1, v3: 1, v4: 1 } };
  const homes = [...moves.stages, { name: 'blue', versionId: 'v4' }];
  expect(lengthIn(pathTo(blue, { ...moves, stages: homes }, { at: 5 }, dialect))).toBe(4);
});

test('that the previous stage follows and must go again shows at once', () => {
  const stages = ['AWSCURRENT', 'AWSPENDING', 'blue'].map((name) => ({ name, versionId: token(2) }));
  expect(lengthIn(pathTo(rotating, { stages }, { at: 2, mostStates: 2 }, awsSecretsManager))).toBe(2);
});

test('where only a new version takes a built-in stage off, it takes one', () => {
  const dialect: Dialect = { ...awsSecretsManager, removableStages: [] };
  const wanted = (number: number) => ({
    stages: Object.entries({ AWSCURRENT: number, AWSPREVIOUS: 1, blue: 2 }).map(([name, home]) => ({
      name,
      versionId: token(home),
    })),
  });
  const promoted = assignStage(
    rotating,
    { stage: 'AWSCURRENT', versionId: token(2), at: 1, from: token(1) },
    awsSecretsManager,
  );
  expect(lengthIn(pathTo(promoted, wanted(2), { at: 2 }, dialect))).toBe(
    `Stage "AWSPENDING" is built in and on version "${token(2)}": it cannot be removed, only moved.`,
  );
  expect(lengthIn(pathTo(rotating, wanted(3), { at: 2 }, dialect))).toBe(1);
});

test('where a new version must list some stage, one that shall have none lists another that goes on', () => {
  const actions = awsPath(awsOne, { AWSCURRENT: 1 }, { [token(1)]: 1, [token(2)]: 1 });
  expect(actions).toHaveLength(2);
  expect(actions[0]).toMatchObject({ type: 'createVersion', stages: [expect.any(String)] });
});

test('the current stage is never missing on the way, not even where it can be removed', () => {
  const dialect: Dialect = { ...huaweiCsms, removableStages: huaweiCsms.builtInStages, previousFollowsMove: true };
  const path = pathTo(spareVersion, moved('v2'), { at: 2 }, dialect);
  expect(path.ok && path.actions).toEqual([
    { type: 'assignStage', stage: 'SYSCURRENT', versionId: 'v2', at: 2, from: 'v1' },
    { type: 'removeStage', stage: 'SYSPREVIOUS', at: 2 },
  ]);
  expect(lengthIn(pathTo(spareVersion, { stages: [] }, { at: 2 }, dialect))).toBe(1);
});

test('what a cloud can have is put right without looking around, in AWS as in Google', () => {
  for (const [cloud, number] of [
    [awsSecretsManager, 20],
    [googleSecretManager, 50],
  ] as const) {
    const names = [...cloud.builtInStages, ...Array.from({ length: number }, (_, index) => `label-${index}`)];
    const held = names.slice(0, number).map((name, index) => ({ name, place: index + 1 }));
    const id = (place: number) => `${cloud.versionIdPrefix}${place}`;
    const bare = Array.from({ length: number + 4 }).reduce<SecretState>(
      (state) => createVersion(state, { at: 1 }, cloud),
      createSecret({ name: 'db', at: 0 }, cloud),
    );
    const full = held.reduce(
      (state, { name, place }) =>
        assignStage(state, { stage: name, versionId: id(place), at: 2, from: versionOf(state, name) ?? null }, cloud),
      bare,
    );
    const stages = held.map(({ name, place }) => ({ name, versionId: id(1 + ((place + 7) % number)) }));
    const path = pathTo(full, { stages, versions: full.versions }, { at: 3, mostStates: 60 }, cloud);
    expect(path.ok && path.actions.length).toBe(number);
    const fresh = stages.slice(-4).map(({ name }, index) => ({ name, versionId: id(number + 6 + index) }));
    const others = full.stages.filter(({ name }) => fresh.every((one) => one.name !== name));
    const renewed = pathTo(full, { stages: [...fresh, ...others] }, { at: 3, mostStates: 8 }, cloud);
    expect(lengthIn(renewed)).toBe(cloud === googleSecretManager ? 8 : 4);
  }
});

test('a secret that has more versions than about the limit may keep them', () => {
  const three = createVersion(rotating, { at: 1 }, awsSecretsManager);
  const dialect: Dialect = { ...awsSecretsManager, versionLimit: 2 };
  const wanted = { stages: rotating.stages, versions: three.versions };
  expect(lengthIn(pathTo(three, wanted, { at: 3 }, dialect))).toBe(3);
  const more = { ...wanted, versions: { ...three.versions, [token(4)]: 1 } };
  expect(lengthIn(pathTo(three, more, { at: 3 }, dialect))).toBe(
    '4 versions are wanted, and the limit is 3: want fewer.',
  );
});

const one = [{ name: 'SYSCURRENT', versionId: 'v1' }];
const two = createVersion(born, { at: 1 });
const three = createVersion(two, { at: 2 });
const pruned = reduce(three, { type: 'pruneDeprecated' });
const canaryOn = (versionId: string) => ({ name: 'canary', versionId });
const firm: Dialect = { ...huaweiCsms, deprecatedIsFinal: true };
const following: Dialect = { ...huaweiCsms, previousFollowsMove: true };
const tooLate = 864e13;
const moved = (versionId: string) => ({ stages: [{ name: 'SYSCURRENT', versionId }] });
const spareVersion = createVersion(born, { at: 1, stages: [] });

test.each<[NoPath['code'], string, SecretState, Wanted, number, Dialect]>([
  ['INVALID_VALUE', '"-1" is not allowed as at: it must be epoch ms.', born, born, -1, huaweiCsms],
  [
    'INVALID_VALUE',
    '"8640000000000000" is not allowed as at: it must be early enough for the deletion to have a time.',
    born,
    { stages: one, status: 'PENDING_DELETE' },
    tooLate,
    huaweiCsms,
  ],
  [
    'INVALID_VALUE',
    '"GONE" is not allowed as status: it must be one of ENABLED, DISABLED, PENDING_DELETE, FROZEN.',
    born,
    JSON.parse('{"stages": [], "status": "GONE"}'),
    1,
    huaweiCsms,
  ],
  [
    'INVALID_VALUE',
    '"a b" is not allowed as stage: it must match /^[\\w-]{1,64}$/.',
    born,
    { stages: [...one, { name: 'a b', versionId: 'v1' }] },
    1,
    huaweiCsms,
  ],
  [
    'INVALID_VALUE',
    '"" is not allowed as versionId: it must match /^.{1,64}$/s.',
    born,
    { stages: [...one, canaryOn('')] },
    1,
    huaweiCsms,
  ],
  [
    'STAGE_TWICE',
    'Stage "canary" is wanted on "v1" and "v2": name it once, for a stage marks one version only.',
    born,
    { stages: [...one, canaryOn('v1'), canaryOn('v2')] },
    1,
    huaweiCsms,
  ],
  [
    'VERSION_NOT_WANTED',
    'Stage "canary" is wanted on version "v2", which is not among the wanted versions: add it there.',
    born,
    { stages: [...one, canaryOn('v2')], versions: { v1: 1 } },
    1,
    huaweiCsms,
  ],
  [
    'DEPRECATED_VERSION',
    'Version "v1" is deprecated for good: put stage "canary" on another.',
    three,
    { stages: [...three.stages, canaryOn('v1')] },
    1,
    firm,
  ],
  [
    'BUILT_IN_STAGE',
    'Stage "SYSPREVIOUS" is built in and on version "v1": it cannot be removed, only moved.',
    two,
    { stages: one },
    1,
    huaweiCsms,
  ],
  [
    'TOO_MANY_WANTED',
    '13 stages are wanted, and the limit is 12: want fewer.',
    marked,
    { stages: [...permuted, canaryOn('v1')] },
    1,
    huaweiCsms,
  ],
  [
    'TOO_MANY_WANTED',
    '3 versions are wanted, and the limit is 2: want fewer.',
    born,
    { stages: one, versions: { v1: 1, v2: 1, v3: 1 } },
    1,
    small,
  ],
  [
    'VERSION_ID_TAKEN',
    'Version id "v1" was in use, and none is issued twice: choose another or leave it out.',
    pruned,
    { stages: pruned.stages, versions: { v1: 1, v2: 1, v3: 1 } },
    1,
    huaweiCsms,
  ],
  [
    'PREVIOUS_FOLLOWS',
    'Stage "SYSPREVIOUS" follows stage "SYSCURRENT" and is never removed again: want it on a version, too.',
    spareVersion,
    moved('v2'),
    1,
    following,
  ],
  [
    'PREVIOUS_FOLLOWS',
    'Stage "SYSPREVIOUS" follows stage "SYSCURRENT" and is never removed again: want it on a version, too.',
    born,
    moved('v2'),
    1,
    { ...following, previousFollowsListedCurrent: true },
  ],
  [
    'OLDER_WOULD_GO',
    'Version "v14" cannot go alone: the oldest go first, 13 older ones shall stay, and there can be no more than 12 ' +
      'stages to mark them. Want it to stay, or fewer of the older.',
    marked,
    {
      stages: permuted,
      versions: Object.fromEntries(Object.keys(marked.versions).flatMap((id) => (id === 'v14' ? [] : [[id, 1]]))),
    },
    3,
    huaweiCsms,
  ],
  [
    'VERSION_STAYS',
    `Version "${token(2)}" cannot go: none does but to make room for a new one. Want it to stay.`,
    rotating,
    { ...awsOne, versions: { [token(1)]: 1, [token(3)]: 1 } },
    1,
    awsSecretsManager,
  ],
  [
    'VERSION_STAYS',
    `Version "${token(2)}" cannot go: none does but to make room for a new one. Want it to stay.`,
    rotating,
    { ...awsOne, versions: { [token(1)]: 1, [token(3)]: 1 } },
    1,
    { ...awsSecretsManager, versionLimit: 2, versionLimitIsHard: true },
  ],
  [
    'VERSION_STAYS',
    `Version "${token(2)}" makes no room before 1970-01-02T00:00:00.001Z: go there then.`,
    rotating,
    { ...awsOne, versions: { [token(1)]: 1, [token(3)]: 1 } },
    day,
    { ...awsSecretsManager, versionLimit: 2 },
  ],
  [
    'VERSION_STAYS',
    `Version "${token(2)}" makes no room before 1970-01-02T00:00:00.001Z: go there then.`,
    rotating,
    {
      stages: [
        { name: 'AWSCURRENT', versionId: token(1) },
        { name: 'blue', versionId: token(3) },
      ],
    },
    day,
    { ...awsSecretsManager, versionLimit: 2 },
  ],
  [
    'INVALID_VALUE',
    '"PENDING_DELETE" is not allowed as status: it must be one of ENABLED.',
    createSecret({ name: 'db', at: 0 }, googleSecretManager),
    { stages: [], status: 'PENDING_DELETE' },
    1,
    googleSecretManager,
  ],
  [
    'NO_WAY',
    'Every way was tried, and none leads there: want fewer changes at once.',
    born,
    moved('v2'),
    1,
    { ...small, versionLimit: 1 },
  ],
])('%s: %s', (code, sentence, state, wanted, at, dialect) => {
  const path = pathTo(state, wanted, { at }, dialect);
  if (path.ok) expect.fail(`there is a path: ${JSON.stringify(path.actions)}`);
  expect(path.why.code).toBe(code);
  expect(describeNoPath(path.why)).toBe(sentence);
  expect(JSON.parse(JSON.stringify(path.why))).toEqual(path.why);
});

test('where the search gives up it says so', () => {
  const path = pathTo(marked, { stages: permuted }, { at: 3, mostStates: 0 });
  expect(lengthIn(path)).toBe(
    'No path was found among 0 states, and there may be one: allow more states, or go there in several steps.',
  );
});
