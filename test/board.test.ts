import { expect, test } from 'vitest';
import { boardRows, drawBoard, sideBySide } from '../src/board.ts';
import {
  assignStage,
  createSecret,
  createVersion,
  defineDialect,
  huaweiCsms,
  type SecretState,
  scheduleDeletion,
  setStatus,
} from '../src/index.ts';
import type { ShownSecret } from '../src/testing/drivers/driver.ts';
import { lived } from './arbitraries.ts';
import { property } from './property.ts';
import { expectLinear } from './work.ts';

const one = createSecret({ name: 'db', at: 0 });
const two = createVersion(one, { at: 1000 });
const three = createVersion(two, { at: 2000, stages: ['canary', 'SYSPREVIOUS', 'blue'] });

const shown = (secret: Partial<ShownSecret>): ShownSecret => ({
  status: 'ENABLED',
  scheduledDeleteTime: null,
  versions: [],
  stages: [],
  ...secret,
});

test('drawBoard draws a row for each version, oldest first, with its stages sorted', () => {
  expect(drawBoard(three)).toBe(['v1   deprecated', 'v2   SYSCURRENT', 'v3   SYSPREVIOUS, blue, canary'].join('\n'));
  expect(boardRows(one)).toEqual(['v1   SYSCURRENT']);
});

test('drawBoard notes each version without a value', () => {
  const versions = [
    { id: 'v1', createTime: 0, stages: [], withoutValue: true as const },
    { id: 'v2', createTime: 1, stages: ['a', 'b'], withoutValue: true as const },
  ];
  expect(boardRows(shown({ versions }))).toEqual(['v1   deprecated (no value yet)', 'v2   a, b (no value yet)']);
  const waits = defineDialect(huaweiCsms, { versions: { mayAwaitValue: true } });
  const state = createVersion(one, { at: 1000, stages: ['canary'], withoutValue: true }, waits);
  expect(boardRows(state)).toEqual(['v1   SYSCURRENT', 'v2   canary (no value yet)']);
});

test('drawBoard writes a name that steers a CI runner as JSON', () => {
  const versions = [{ id: '::error::no', createTime: 0, stages: ['##[x]', 'a::b'] }];
  expect(boardRows(shown({ versions }))).toEqual(['"::error::no"   "#\\u0023[x]", a::b']);
});

test('drawBoard aligns the stages in one column', () => {
  const named = createVersion(two, { at: 2000, versionId: 'a-much-longer-id', stages: ['canary'] });
  expect(boardRows(named)).toEqual([
    'v1                 SYSPREVIOUS',
    'v2                 SYSCURRENT',
    'a-much-longer-id   canary',
  ]);
});

test('drawBoard draws the listed stages of an implementation, oldest version first', () => {
  const versions = [
    { id: 'v10', createTime: 1000, stages: [] },
    { id: 'v2', createTime: 1000, stages: ['canary', 'SYSCURRENT'] },
    { id: 'v3', createTime: 1000, stages: [] },
    { id: 'v1', createTime: 2000, stages: ['SYSPREVIOUS'] },
  ];
  const stages = [
    { name: 'SYSCURRENT', versionId: 'v2', updateTime: 0 },
    { name: 'canary', versionId: 'v2', updateTime: 0 },
    { name: 'SYSPREVIOUS', versionId: 'v1', updateTime: 0 },
  ];
  const rows = ['v2    SYSCURRENT, canary', 'v3    deprecated', 'v10   deprecated', 'v1    SYSPREVIOUS'];
  expect(boardRows(shown({ versions, stages }))).toEqual(rows);
  expect(boardRows(shown({ versions: [...versions].reverse(), stages }))).toEqual(rows);
  expect(versions.map(({ id }) => id)).toEqual(['v10', 'v2', 'v3', 'v1']);
  expect(versions[1]?.stages).toEqual(['canary', 'SYSCURRENT']);
});

test('drawBoard keeps the order of a state for versions of the same millisecond', () => {
  const named = createVersion(createSecret({ name: 'db', at: 0, versionId: 'second' }), { at: 0, versionId: 'first' });
  expect(boardRows(named)).toEqual(['second   SYSPREVIOUS', 'first    SYSCURRENT']);
});

test('drawBoard notes a stage on a missing version, before the status', () => {
  const broken = { ...two, stages: [...two.stages, { name: 'canary', versionId: 'v9', updateTime: 0 }] };
  expect(boardRows(broken)).toEqual([
    'v1   SYSPREVIOUS',
    'v2   SYSCURRENT',
    '     canary is on v9, which does not exist.',
  ]);
  expect(boardRows({ ...broken, status: 'FROZEN' }).slice(2)).toEqual([
    '     canary is on v9, which does not exist.',
    '     The secret is FROZEN.',
  ]);
});

test('drawBoard notes a stage that is elsewhere by its name, and draws a stage on two versions twice', () => {
  const versions = [
    { id: 'v1', createTime: 0, stages: ['canary'] },
    { id: 'v2', createTime: 1, stages: ['canary', 'SYSCURRENT'] },
    { id: 'v3', createTime: 2, stages: [] },
  ];
  const stages = [
    { name: 'canary', versionId: 'v2', updateTime: 0 },
    { name: 'SYSCURRENT', versionId: 'v3', updateTime: 0 },
  ];
  expect(boardRows(shown({ versions, stages }))).toEqual([
    'v1   canary',
    'v2   SYSCURRENT, canary',
    'v3   deprecated',
    '     SYSCURRENT is on v3, if you look it up by its name.',
  ]);
});

test('drawBoard notes a status other than ENABLED', () => {
  expect(boardRows(setStatus(one, { status: 'DISABLED', at: 0 }))).toEqual([
    'v1   SYSCURRENT',
    '     The secret is DISABLED.',
  ]);
  expect(boardRows(scheduleDeletion(one, { at: 0 })).at(-1)).toBe('     The secret is PENDING_DELETE.');
});

test('drawBoard says that a secret has no versions', () => {
  expect(boardRows(shown({ status: 'FROZEN' }))).toEqual(['   no versions', '   The secret is FROZEN.']);
});

test.each([
  ['v1\nv2', '"v1\\nv2"'],
  ['a b', '"a b"'],
  ['', '""'],
  ['a,b', '"a,b"'],
  ['a"b', '"a\\"b"'],
  ['\u001b[31m', '"\\u001b[31m"'],
  ['\u202Etxt', '"\\u202etxt"'],
  ['a\u2028b\u2029', '"a\\u2028b\\u2029"'],
  ['\u{E0001}', '"\\udb40\\udc01"'],
  ['\u0085', '"\\u0085"'],
  ['\uD800', '"\\ud800"'],
  ['deprecated', '"deprecated"'],
  ['deprecated-too', 'deprecated-too'],
  ['é😀', 'é😀'],
  ['__proto__', '__proto__'],
])('drawBoard draws the name %j as %s', (name, drawn) => {
  const versions = [{ id: name, createTime: 0, stages: [name] }];
  expect(boardRows(shown({ versions, stages: [{ name, versionId: 'v9', updateTime: 0 }] }))).toEqual([
    `${drawn}   ${drawn}`,
    `${' '.repeat(drawn.length)}   ${drawn} is on v9, which does not exist.`,
  ]);
});

/** A state as an implementation would show it that does everything right. */
const shownOf = ({ status, scheduledDeleteTime, versions, stages }: SecretState): ShownSecret => ({
  status,
  scheduledDeleteTime,
  versions: Object.values(versions).map(({ id, createTime, ordinal }) => ({
    id,
    // No two at once: then both know the order.
    createTime: createTime * 100 + ordinal,
    stages: stages.filter(({ versionId }) => versionId === id).map(({ name }) => name),
  })),
  stages,
});

property([lived])('drawBoard draws a state and its board alike', ({ state }) => {
  expect(boardRows(shownOf(state))).toEqual(boardRows(state));
  expect(boardRows(state)).toHaveLength(
    (Object.keys(state.versions).length || 1) + (state.status === 'ENABLED' ? 0 : 1),
  );
});

test('sideBySide puts two tables below their titles, whichever is shorter', () => {
  const moved = assignStage(two, { stage: 'SYSCURRENT', versionId: 'v1', at: 2000 });
  expect(sideBySide(boardRows(three), boardRows(moved), ['as the model has it', 'as it is shown']).split('\n')).toEqual(
    [
      'as the model has it              as it is shown',
      'v1   deprecated                  v1   SYSCURRENT, SYSPREVIOUS',
      'v2   SYSCURRENT                  v2   deprecated',
      'v3   SYSPREVIOUS, blue, canary',
    ],
  );
  expect(sideBySide(boardRows(one), boardRows(two), ['a', 'b']).split('\n')).toEqual([
    'a                 b',
    'v1   SYSCURRENT   v1   SYSPREVIOUS',
    '                  v2   SYSCURRENT',
  ]);
  expect(sideBySide([], [], ['a', 'b'])).toBe('a   b');
});

const crowded = (size: number): SecretState => {
  const ids = Array.from({ length: size }, (_, index) => `v${index + 1}`);
  const versions = Object.fromEntries(ids.map((id, createTime) => [id, { id, createTime, ordinal: createTime + 1 }]));
  const stages = ids.map((versionId) => ({ name: `on-${versionId}`, versionId, updateTime: 0 }));
  return { ...one, versions, stages, versionsMade: size, lastNumber: size };
};

test('drawBoard is linear in versions and stages', () => {
  expectLinear((size) => () => drawBoard(crowded(size)), 200);
  expectLinear((size) => {
    const { versions, stages } = crowded(size);
    const board = shown({ versions: Object.values(versions).map((each) => ({ ...each, stages: [] })), stages });
    return () => drawBoard(board);
  }, 200);
});

test('drawBoard draws 200,000 versions', () => {
  const rows = boardRows({ ...crowded(200_000), stages: [] });
  expect(rows).toHaveLength(200_000);
  expect(rows.at(-1)).toBe('v200000   deprecated');
  expect(sideBySide(rows, rows, ['a', 'b'])).toContain('v200000   deprecated   v200000   deprecated');
});

test('drawBoard does not align other rows with a very long id', () => {
  const versions = ['x'.repeat(100_000), 'v2'].map((id, createTime) => ({ id, createTime, stages: [] }));
  expect(boardRows(shown({ versions })).map(({ length }) => length)).toEqual([100_013, 1013]);
});
