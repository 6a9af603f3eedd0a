import { expect, test } from 'vitest';
import { applyAll, createSecret, defineDialect, huaweiCsms, type SecretState } from '../../src/index.ts';
import { doInBatch, startBatch, stateIn } from '../../src/operations/index.ts';

test('putVersion copies the versions once per batch, then adds in place', () => {
  const one = createSecret({ name: 'db', at: 0 });
  const batch = startBatch(one);
  const create = () => {
    expect(doInBatch(batch, { type: 'createVersion', at: 1000 }, huaweiCsms)).toBe(true);
    return stateIn(batch).versions;
  };
  const own = create();
  expect(own).not.toBe(one.versions);
  expect(create()).toBe(own);
  doInBatch(batch, { type: 'removeStage', stage: 'canary', at: 2000 }, huaweiCsms);
  doInBatch(batch, { type: 'setStatus', status: 'DISABLED', at: 2000 }, huaweiCsms);
  doInBatch(batch, { type: 'setStatus', status: 'ENABLED', at: 2000 }, huaweiCsms);
  expect(create()).toBe(own);
  doInBatch(batch, { type: 'pruneDeprecated' }, huaweiCsms);
  const kept = stateIn(batch).versions;
  expect(create()).not.toBe(kept);
  expect(Object.keys(kept)).toEqual(['v3', 'v4']);
  expect(Object.keys(stateIn(batch).versions)).toEqual(['v3', 'v4', 'v5']);
});

test('endBatch freezes only the stages of the batch', () => {
  const dialect = defineDialect(huaweiCsms, { stages: { limit: 100 } });
  const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
  const moves = names.map((stage) => ({ type: 'assignStage' as const, stage, versionId: 'v1', at: 1000 }));
  const many: SecretState = JSON.parse(JSON.stringify(applyAll(createSecret({ name: 'db', at: 0 }), moves, dialect)));
  const next = applyAll(many, [{ type: 'assignStage', stage: 's7', versionId: 'v1', at: 2000 }], dialect);
  expect(next.stages.filter(Object.isFrozen).map(({ name }) => name)).toEqual(['s7']);
  expect(many.stages.some(Object.isFrozen)).toBe(false);
});
