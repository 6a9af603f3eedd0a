import { alibabaKms } from './alibaba-kms.ts';
import { awsSecretsManager } from './aws-secrets-manager.ts';
import type { Dialect } from './dialect.ts';
import { googleSecretManager } from './google-secret-manager.ts';
import { huaweiCsms } from './huawei-csms.ts';

/** The dialects of the package, in the order in which they are compared. A bundle that uses this carries all of them. */
export const clouds: readonly Dialect[] = /* @__PURE__ */ Object.freeze([
  huaweiCsms,
  awsSecretsManager,
  alibabaKms,
  googleSecretManager,
]);

/** The dialect of that id, if it is one of the package. */
export function cloudOf(id: string): Dialect | undefined {
  return clouds.find((dialect) => dialect.id === id);
}
