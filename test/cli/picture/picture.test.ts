import { expect, test } from 'vitest';
import { panelsOf } from '../../../src/cli/picture/panels.ts';
import { pictureOf } from '../../../src/cli/picture/picture.ts';
import { defineDialect, huaweiCsms } from '../../../src/index.ts';
import { expectLinear } from '../../work.ts';
import { call } from '../host.ts';
import { crowd, eventsIn, eventsOf, eventsUnder } from './pictures.ts';

const born = call(0, 'POST', '', { name: 'db' });
/** Long after 1970, so that it does not look like seconds. */
const late = Date.UTC(2026, 0);
const put = (at: number, stage: string, version_id: string) => call(at, 'PUT', `/db/stages/${stage}`, { version_id });
const figuresOf = (...lines: readonly string[]) => pictureOf(eventsOf(...lines)).figures;

test('a version has a lane with its stages, and with the time without a stage', () => {
  const [figure] = figuresOf(
    born,
    call(1, 'POST', '/db/versions', { version_stages: ['canary'] }),
    put(2, 'canary', 'v1'),
  );
  expect(figure).toMatchObject({
    secret: 'db',
    project: 'p',
    stages: ['SYSCURRENT', 'canary'],
    lanes: [
      {
        versionId: 'v1',
        from: 0,
        to: 3,
        end: 'exists',
        tenures: [
          { stage: 'SYSCURRENT', from: 0, to: 3 },
          { stage: 'canary', from: 2, to: 3 },
        ],
        deprecated: [],
      },
      {
        versionId: 'v2',
        from: 1,
        to: 3,
        end: 'exists',
        tenures: [{ stage: 'canary', from: 1, to: 2 }],
        deprecated: [{ from: 2, to: 3 }],
      },
    ],
  });
});

test('a version is deprecated until a stage comes back to it, or until the secret is deleted', () => {
  const [figure] = figuresOf(
    born,
    call(1, 'POST', '/db/versions', { version_stages: [] }),
    put(2, 'canary', 'v2'),
    call(3, 'DELETE', '/db/stages/canary'),
    call(4, 'DELETE', '/db'),
    call(5, 'GET', '/db'),
  );
  expect(figure?.lanes.map(({ deprecated }) => deprecated)).toEqual([
    [],
    [
      { from: 1, to: 2 },
      { from: 3, to: 4 },
    ],
  ]);
});

test('a lane ends where its version is pruned', () => {
  const [figure] = pictureOf(eventsIn('version-limit')).figures;
  const gone = figure?.lanes.filter(({ end }) => end === 'pruned');
  expect(gone?.map(({ versionId, from, to }) => [versionId, from, to])).toEqual([
    ['v2', 2, 21],
    ['v4', 4, 23],
  ]);
});

test('a secret ends at its due deletion, and continues on new lanes if it is created again', () => {
  const { figures, steps } = pictureOf(eventsIn('pending-deletion'));
  expect(figures[0]?.lanes.map(({ versionId, end }) => [versionId, end])).toEqual([
    ['v1', 'deleted'],
    ['v1', 'exists'],
  ]);
  expect(figures[0]?.pauses).toEqual([
    { status: 'PENDING_DELETE', from: 1, to: 4 },
    { status: 'PENDING_DELETE', from: 8, to: 9 },
  ]);
  expect(steps[9]).toMatchObject({ line: undefined, outcome: 'due', at: 1775055600000 });
  expect(steps).toHaveLength(12);
});

test('a deletion is due by the time of its own project, and only once', () => {
  const elsewhere = call(late, 'GET', '').replace('/v1/p/', '/v1/q/');
  const due = (...lines: readonly string[]) =>
    pictureOf(eventsOf(born, call(1, 'POST', '/db/scheduled-deleted-tasks/create'), ...lines)).steps.filter(
      ({ outcome }) => outcome === 'due',
    ).length;
  expect([due(elsewhere), due(call(late, 'GET', '')), due(call(late, 'GET', ''), call(late, 'GET', ''))]).toEqual([
    0, 1, 1,
  ]);
});

test('each secret of each project has a figure, unless it was never created', () => {
  const elsewhere = born.replace('/v1/p/', '/v1/q/');
  const other = call(2, 'POST', '', { name: 'db2' });
  const lost = call(3, 'GET', '/never');
  expect(figuresOf(born, elsewhere, other, lost, 'no call').map(({ project, secret }) => [project, secret])).toEqual([
    ['p', 'db'],
    ['q', 'db'],
    ['p', 'db2'],
  ]);
});

test('each step describes its result', () => {
  const { steps } = pictureOf(
    eventsOf(
      born,
      call(0, 'GET', ''),
      put(0, 'SYSCURRENT', 'v1'),
      put(0, 'a', 'v\u202e9'),
      call(1, 'DELETE', '/db'),
      'x',
    ),
  );
  expect(steps.map((step) => ('sentences' in step ? step.sentences : step.outcome))).toEqual([
    ['Version "v1" is created.', 'Stage "SYSCURRENT" is added to version "v1".'],
    ['This call has no effect on stages.'],
    ['Nothing changed.'],
    [expect.stringMatching(/^Version "v\\u\{202e\}9" does not exist/)],
    ['The secret is deleted immediately and permanently.'],
    'unusable',
  ]);
});

test('names such as __proto__ are ordinary versions and stages', () => {
  const version = (id: string) => call(1, 'POST', '/db/versions', { version_stages: [] }, { version_metadata: { id } });
  const [figure] = figuresOf(born, version('__proto__'), version('7'), put(2, 'constructor', '__proto__'));
  expect(figure?.lanes.map(({ versionId }) => versionId)).toEqual(['v1', '__proto__', '7']);
  expect(figure?.lanes[1]?.tenures).toEqual([{ stage: 'constructor', from: 3, to: 4 }]);
});

test.each([
  ['evenly', [0, 8, 20, 36], true],
  ['half as far apart as usual', [0, 5, 20], true],
  ['closer than that', [0, 4, 20], false],
  ['in one moment', [0, 0], false],
  ['of which one is alone', [5], false],
  ['on a clock that goes back', [0, 30, 20, 60], false],
] as const)('steps %s are drawn to scale or not', (_, [first, ...others], isToScale) => {
  const [figure] = figuresOf(call(first, 'POST', '', { name: 'db' }), ...others.map((at) => call(at, 'GET', '/db')));
  expect(figure?.isToScale).toBe(isToScale);
  const count = others.length + 1;
  const last = Number(others.at(-1));
  const even = [first, ...others].map((at, index) => (isToScale ? (at * (count - 1)) / last : index));
  expect(figure?.places).toEqual([...even, count]);
});

test('panels have every step once, and their bars do not overlap', () => {
  const [figure] = pictureOf(crowd(1000)).figures;
  const panels = figure ? panelsOf(figure) : [];
  expect(panels.flatMap(({ columns }) => columns.map(({ step }) => step))).toEqual(figure?.steps);
  expect(panels.length).toBeGreaterThan(30);
  for (const { bars, lanes, from, to } of panels) {
    for (const lane of lanes) expect(from <= lane.from && lane.from < lane.to && lane.to <= to).toBe(true);
    for (const [index, bar] of bars.entries()) {
      expect(lanes.some(({ top, bottom }) => top <= bar.top && bar.bottom <= bottom)).toBe(true);
      const clash = bars.slice(index + 1).find((o) => o.top === bar.top && o.from < bar.to && bar.from < o.to);
      expect(clash).toBeUndefined();
    }
  }
});

test('a bar knows where its stage came from, if it was on another version just before', () => {
  const [figure] = figuresOf(
    born,
    call(1, 'POST', '/db/versions', { version_stages: ['canary'] }),
    put(2, 'canary', 'v1'),
    call(3, 'DELETE', '/db/stages/canary'),
    put(4, 'canary', 'v2'),
  );
  const [panel] = figure ? panelsOf(figure) : [];
  expect(panel?.bars.map(({ stage, top, cameFrom }) => [stage, top, cameFrom])).toEqual([
    ['SYSCURRENT', 0, undefined],
    ['canary', 1, 3],
    ['canary', 2.5, undefined],
    ['canary', 2.5, undefined],
  ]);
  expect(panel?.height).toBe(4);
});

test('a lane shows its end only in the panel where it ends', () => {
  const [figure] = pictureOf(crowd(70)).figures;
  const lines = [born, call(1, 'POST', '/db/versions', { version_stages: [] })];
  const reads = Array.from({ length: 60 }, (_, at) => call(at + 2, 'GET', '/db'));
  const [deleted] = figuresOf(...lines, ...reads, call(99, 'DELETE', '/db'));
  const ends = deleted ? panelsOf(deleted).map(({ lanes }) => lanes.map(({ end }) => end)) : [];
  expect(ends).toEqual([
    ['exists', 'exists'],
    ['exists', 'exists'],
    ['deleted', 'deleted'],
  ]);
  expect(figure && panelsOf(figure)).toHaveLength(3);
});

/** Versions that nobody prunes, and stages that never leave: one more of either with each step. */
const pile = (size: number) => {
  const lines = Array.from({ length: size }, (_, at) => ({
    at,
    secret: 'db',
    action: at % 2 ? { type: 'createVersion', stages: [`s${at}`] } : { type: 'createVersion' },
  }));
  const created = { at: 0, secret: 'db', action: { type: 'createSecret' } };
  return eventsUnder(roomy, ...[created, ...lines].map((line) => JSON.stringify(line)));
};
const roomy = defineDialect(huaweiCsms, { stages: { limit: 1e6 }, versions: { limit: null } });

test('a picture takes linear work in the steps of a secret', () => {
  expectLinear((size) => {
    const events = pile(size);
    return () => pictureOf(events);
  }, 100);
});

test('a picture takes linear work in secrets, also where the deletion of each is scheduled', () => {
  expectLinear((size) => {
    const names = Array.from({ length: size }, (_, index) => `db${index}`);
    const created = names.map((name, at) => call(at, 'POST', '', { name }));
    const scheduled = names.map((name, at) => call(size + at, 'POST', `/${name}/scheduled-deleted-tasks/create`));
    const later = names.map((_, at) => call(late + at, 'GET', ''));
    const events = eventsOf(...created, ...scheduled, ...later);
    return () => expect(pictureOf(events).steps).toHaveLength(4 * size);
  }, 100);
});

test('secrets whose deletion falls due in one step are deleted in the order of their times', () => {
  const names = ['c', 'a', 'd', 'b'];
  const days: Record<string, number> = { a: 7, b: 8, c: 9, d: 10 };
  const { steps } = pictureOf(
    eventsOf(
      ...names.map((name) => call(0, 'POST', '', { name })),
      ...names.map((name) =>
        call(0, 'POST', `/${name}/scheduled-deleted-tasks/create`, { recovery_window_in_days: days[name] }),
      ),
      call(0, 'POST', '/b/scheduled-deleted-tasks/cancel'),
      call(late, 'GET', ''),
    ),
  );
  expect(steps.flatMap((step) => (step.outcome === 'due' ? step.secret : []))).toEqual(['a', 'c', 'd']);
});

test('2,000 steps are drawn, the last of each secret, and 100 secrets', () => {
  const calls = (size: number) => Array.from({ length: size }, (_, at) => call(at, 'GET', '/db'));
  const [figure] = figuresOf(born, ...calls(2100));
  expect(figure?.firstDrawn).toBe(101);
  const panels = figure ? panelsOf(figure) : [];
  expect(panels.flatMap(({ columns }) => columns.map(({ step }) => step))).toEqual(figure?.steps.slice(101));
  const many = eventsOf(...Array.from({ length: 103 }, (_, at) => call(at, 'POST', '', { name: `db${at}` })));
  expect(pictureOf(many)).toMatchObject({ undrawn: 3, figures: { length: 100 } });
  const both = figuresOf(
    born,
    ...calls(999),
    ...Array.from({ length: 1501 }, (_, at) => call(at, 'POST', '', { name: 'x' })),
  );
  expect(both.map(({ firstDrawn }) => firstDrawn)).toEqual([0, 501]);
});

test.each([
  ['denser', 2, true],
  ['at the same time', 0, true],
  ['apart by days', 864e5, true],
] as const)('steps that are not drawn, %s, do not change the scale of those that are', (_, early, isToScale) => {
  const from = late + early * 1900;
  const before = Array.from({ length: 1900 }, (_, index) => call(late + early * index, 'GET', '/db'));
  const drawn = Array.from({ length: 2000 }, (_, index) => call(from + 5 * index, 'GET', '/db'));
  const [figure] = figuresOf(call(late, 'POST', '', { name: 'db' }), ...before, ...drawn);
  expect(figure).toMatchObject({ firstDrawn: 1901, isToScale, places: { length: 2001 } });
  expect([figure?.places[0], figure?.places[1], figure?.places[1999], figure?.places[2000]]).toEqual([
    0, 1, 1999, 2000,
  ]);
  const panels = figure ? panelsOf(figure) : [];
  expect(panels).toHaveLength(63);
  expect(panels.flatMap(({ columns }) => columns.map(({ step }) => step))).toEqual(figure?.steps.slice(1901));
  expect(panels[0]).toMatchObject({ from: 0, lanes: [{ from: 0 }], bars: [{ stage: 'SYSCURRENT', from: 0 }] });
});

test('a panel has at most 100 lanes: versions with stages, and the newest', () => {
  const [figure] = pictureOf(pile(400)).figures;
  const panels = figure ? panelsOf(figure) : [];
  expect(panels.at(-1)?.lanes).toHaveLength(100);
  expect(panels.at(-1)?.undrawn).toBe(301);
  // The stage of v401 is one of those that are not drawn.
  expect(panels.at(-1)?.lanes.at(-1)?.versionId).toBe('v400');
  for (const { bars, lanes } of panels) {
    for (const bar of bars) expect(lanes.some(({ top, bottom }) => top <= bar.top && bar.bottom <= bottom)).toBe(true);
  }
});

test('a secret for which no step is left is not drawn', () => {
  const calls = Array.from({ length: 2000 }, (_, at) => call(at, 'GET', '/db'));
  const events = eventsOf(call(0, 'POST', '', { name: 'db' }), ...calls, call(3000, 'POST', '', { name: 'late' }));
  expect(pictureOf(events)).toMatchObject({ figures: [{ secret: 'db', firstDrawn: 1 }], undrawn: 1 });
});
