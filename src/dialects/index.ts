import type { SourcedDialect } from '../dialect.ts';
import { alibabaKms } from './alibaba-kms.ts';
import { awsSecretsManager } from './aws-secrets-manager.ts';
import { googleSecretManager } from './google-secret-manager.ts';
import { huaweiCsms } from './huawei-csms.ts';

/** All dialects by their names, for whoever asks by name. Whoever imports this carries all of them. */
export const dialects: Readonly<Record<string, SourcedDialect>> = /* @__PURE__ */ Object.freeze({
  'huawei-csms': huaweiCsms,
  'aws-secrets-manager': awsSecretsManager,
  'alibaba-kms': alibabaKms,
  'google-secret-manager': googleSecretManager,
});
