/**
 * The types of the matchers and the builder, as types.test-d.ts has those of the model: the compiler is the runner
 * (`tsc`).
 */
import { expect as jestExpect } from 'expect';
import { expect } from 'vitest';
import { createSecret, huaweiCsms } from '../../src/index.ts';
import { type StageMatchers, stageMatchers } from '../../src/testing/matchers.ts';
import { type SecretBuilder, secret } from '../../src/testing/secret.ts';

const state = createSecret({ name: 'db', at: 0 });
const remove = { type: 'removeStage', stage: 'canary', at: 0 } as const;

expect.extend(stageMatchers);
jestExpect.extend(stageMatchers);

expect(state).toMark('SYSCURRENT', 'v1');
expect(state).not.toBeDeprecated('v1');
expect(state).toObeyTheLaws();
expect(state).toObeyTheLaws({ dialect: huaweiCsms });
expect(state).toRefuse(remove);
expect(state).toRefuse(remove, { code: 'UNKNOWN_STAGE', dialect: huaweiCsms });
expect(Promise.resolve(state)).resolves.toMark('SYSCURRENT', 'v1') satisfies Promise<void>;
// Who keeps the JSON of others does not know what it is.
const untrusted: unknown = JSON.parse('{}');
expect(untrusted).not.toObeyTheLaws();

// @ts-expect-error A stage marks a version: both are named.
expect(state).toMark('SYSCURRENT');
// @ts-expect-error Of many versions, one is meant.
expect(state).toBeDeprecated();
// @ts-expect-error There is no such refusal.
expect(state).toRefuse(remove, { code: 'NO_SUCH_STAGE' });
// @ts-expect-error An action takes what its operation takes.
expect(state).toRefuse({ type: 'removeStage', at: 0 });
// @ts-expect-error The laws are those of a dialect, whole.
expect(state).toObeyTheLaws({ dialect: { stages: { limit: 5 } } });

// The global `expect` of `@types/jest` is of this interface, and gives its own result.
declare const jestGlobal: jest.Matchers<void, typeof state>;
jestGlobal.toMark('SYSCURRENT', 'v1');
declare const resolved: StageMatchers<Promise<void>>;
resolved.toRefuse(remove) satisfies Promise<void>;
// test/testing/matchers-jest.test.ts says once what the one of `@jest/globals` has.
jestExpect(state).toMark('SYSCURRENT', 'v1');
// @ts-expect-error There is no such refusal, in jest neither.
jestExpect(state).toRefuse(remove, { code: 'NO_SUCH_STAGE' });

const begun: SecretBuilder = secret('db', { dialect: huaweiCsms })
  .version('v1', 'SYSCURRENT', 'canary')
  .status('DISABLED');
// @ts-expect-error There is no such status.
begun.status('AWAKE');
// @ts-expect-error What is not built yet is no secret.
begun.versions;
