import { beforeEach, expect, test } from 'vitest';
import {
  createSecret,
  createVersion,
  huaweiCsms,
  pruneDeprecated,
  type SecretState,
  setStatus,
  tryPruneDeprecated,
  versionsByAge,
} from '../../src/index.ts';

// v1, v2 and v3 are deprecated; v4 is the previous and v5 the current version.
let five: SecretState;
beforeEach(() => {
  five = [1000, 2000, 3000, 4000].reduce(
    (state, at) => createVersion(state, { at }),
    createSecret({ name: 'db', at: 0 }),
  );
});
const idsOf = (state: SecretState) => versionsByAge(state).map(({ id }) => id);

test('all deprecated versions go, and the marked ones stay', () => {
  expect(idsOf(pruneDeprecated(five))).toEqual(['v4', 'v5']);
  expect(pruneDeprecated(five).stages).toBe(five.stages);
});

test('`keep` holds back the newest of them', () => {
  expect(idsOf(pruneDeprecated(five, { keep: 1 }))).toEqual(['v3', 'v4', 'v5']);
  expect(idsOf(pruneDeprecated(five, { keep: 2 }))).toEqual(['v2', 'v3', 'v4', 'v5']);
  expect(pruneDeprecated(five, { keep: 3 })).toBe(five);
  expect(pruneDeprecated(five, { keep: 9 })).toBe(five);
});

test('`createdBefore` lets only older ones go', () => {
  expect(idsOf(pruneDeprecated(five, { createdBefore: 1000 }))).toEqual(['v2', 'v3', 'v4', 'v5']);
  expect(idsOf(pruneDeprecated(five, { createdBefore: 1001, keep: 1 }))).toEqual(['v3', 'v4', 'v5']);
  expect(pruneDeprecated(five, { createdBefore: 0 })).toBe(five);
});

test('a secret of any status is pruned, unless the dialect says otherwise', () => {
  const frozen = setStatus(five, { status: 'FROZEN', at: 5000 });
  expect(idsOf(pruneDeprecated(frozen))).toEqual(['v4', 'v5']);
  const strict = { ...huaweiCsms, pruningNeedsEnabled: true };
  const refusal = { code: 'SECRET_NOT_ENABLED', status: 'FROZEN' };
  expect(tryPruneDeprecated(frozen, {}, strict)).toEqual({ ok: false, refusal });
  expect(tryPruneDeprecated(five, {}, strict).ok).toBe(true);
  expect(() => pruneDeprecated(frozen, {}, strict)).toThrow(JSON.stringify(refusal));
});

test.each([
  [{ keep: -1 }, { field: 'keep', value: '-1', rule: 'a whole number from 0' }],
  [{ keep: 1.5 }, { field: 'keep', value: '1.5', rule: 'a whole number from 0' }],
  [{ keep: Number.POSITIVE_INFINITY }, { field: 'keep', value: 'Infinity', rule: 'a whole number from 0' }],
  [{ createdBefore: -1 }, { field: 'createdBefore', value: '-1', rule: 'epoch ms' }],
])('%j prunes nothing', (request, facts) => {
  expect(tryPruneDeprecated(five, request)).toEqual({ ok: false, refusal: { code: 'INVALID_VALUE', ...facts } });
});

test('without a request everything deprecated goes, also through the twin', () => {
  expect(tryPruneDeprecated(five)).toEqual({ ok: true, state: pruneDeprecated(five) });
});

test('a stage on a version that is not there, in a state that nobody made here, holds nothing back', () => {
  const lost = { ...createSecret({ name: 'db', at: 0 }), stages: [{ name: 'canary', versionId: 'v9', updateTime: 0 }] };
  expect(Object.keys(pruneDeprecated(lost).versions)).toEqual([]);
});

test('with deprecatedStay nothing is pruned, and what makes no sense is still refused', () => {
  const stay = { ...huaweiCsms, deprecatedStay: true };
  const three = createVersion(createVersion(createSecret({ name: 'db', at: 0 }), { at: 1000 }), { at: 2000 });
  expect(pruneDeprecated(three, {}, stay)).toBe(three);
  expect(tryPruneDeprecated(three, { keep: -1 }, stay)).toMatchObject({ refusal: { code: 'INVALID_VALUE' } });
});
