/**
 * Type tests of the matchers and the builder. `tsc` runs them, as it runs types.test-d.ts.
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
// The matcher accepts untrusted JSON.
const untrusted: unknown = JSON.parse('{}');
expect(untrusted).not.toObeyTheLaws();

// @ts-expect-error The version is required.
expect(state).toMark('SYSCURRENT');
// @ts-expect-error The version is required.
expect(state).toBeDeprecated();
// @ts-expect-error The code is unknown.
expect(state).toRefuse(remove, { code: 'NO_SUCH_STAGE' });
// @ts-expect-error The action lacks a field of its operation.
expect(state).toRefuse({ type: 'removeStage', at: 0 });
// @ts-expect-error The dialect must be complete.
expect(state).toObeyTheLaws({ dialect: { stages: { limit: 5 } } });

// The global `expect` of `@types/jest` uses this interface, with its own result.
declare const jestGlobal: jest.Matchers<void, typeof state>;
jestGlobal.toMark('SYSCURRENT', 'v1');
declare const resolved: StageMatchers<Promise<void>>;
resolved.toRefuse(remove) satisfies Promise<void>;
// This is the `expect` of `@jest/globals`.
jestExpect(state).toMark('SYSCURRENT', 'v1');
// @ts-expect-error The code is unknown in jest, too.
jestExpect(state).toRefuse(remove, { code: 'NO_SUCH_STAGE' });

const begun: SecretBuilder = secret('db', { dialect: huaweiCsms })
  .version('v1', 'SYSCURRENT', 'canary')
  .status('DISABLED');
// @ts-expect-error The status is unknown.
begun.status('AWAKE');
// @ts-expect-error A builder is not a secret yet.
begun.versions;
