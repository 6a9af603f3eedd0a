import { alibabaKms } from './alibaba-kms.ts';
import { awsSecretsManager } from './aws-secrets-manager.ts';
import type { Dialect } from './dialect.ts';
import { googleSecretManager } from './google-secret-manager.ts';
import { huaweiCsms } from './huawei-csms.ts';

/** The dialects of the package, in the order of the comparison. A bundle that uses this has all of them. */
export const clouds: readonly Dialect[] = /* @__PURE__ */ Object.freeze([
  huaweiCsms,
  awsSecretsManager,
  alibabaKms,
  googleSecretManager,
]);

/** The dialect of the package with that id. */
export function cloudOf(id: string): Dialect | undefined {
  return clouds.find((dialect) => dialect.id === id);
}
