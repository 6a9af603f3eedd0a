import { expect, test } from 'vitest';
import { isRough } from '../../src/dialects/rules.ts';
import { awsSecretsManager, googleSecretManager, huaweiCsms } from '../../src/index.ts';

test('isRough is true only for a limit that the cloud can exceed', () => {
  expect(isRough(awsSecretsManager.versions)).toBe(true);
  expect(isRough(huaweiCsms.versions)).toBe(false);
  expect(isRough(googleSecretManager.versions)).toBe(false);
});
