/** Returns the project of a region of an account. The emulator keeps projects apart. */
export function projectOf(account: string, region: string): string {
  return `${account}/${region}`;
}

/**
 * Returns the ARN of a new secret, which ends in six random characters. `random` returns a whole number below its argument. Source: user
 * guide, what's in a secret (documented).
 */
export function arnOf(project: string, name: string, random: (below: number) => number): string {
  const suffix = Array.from({ length: 6 }, () => alphabet.charAt(random(alphabet.length)));
  return `${prefixOf(project)}${name}-${suffix.join('')}`;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Returns the name of the secret that a `SecretId` means: it is a name, an ARN, or an ARN without the six random characters. In an ARN, a
 * hyphen and six characters at the end are always taken for them (observed in a test of LocalStack). Undefined for an ARN of another
 * region or account (assumed: the secret is not found).
 */
export function nameIn(secretId: string, project: string): string | undefined {
  const arn = readArn(secretId);
  if (!arn) return secretId;
  return secretId.startsWith(prefixOf(project)) ? arn.name : undefined;
}

/** Returns the project and the name of the secret in an ARN with or without its six random characters; undefined for another text. */
export function readArn(text: string): { readonly project: string; readonly name: string } | undefined {
  const [, region = '', account = '', rest = ''] =
    /^arn:[\w-]+:secretsmanager:([^:]*):([^:]*):secret:([^:]+)$/.exec(text) ?? [];
  return rest === '' ? undefined : { project: projectOf(account, region), name: rest.replace(suffix, '') };
}

/** Whether a `SecretId` with the name of a secret is a name, a partial ARN, or exactly the ARN of this secret. */
export function fitsArn(secretId: string, arn: string): boolean {
  return !secretId.startsWith('arn:') || !suffix.test(secretId) || secretId === arn;
}

const suffix = /-[A-Za-z\d]{6}$/;

/** Source: the ARN format of the service (documented). Of other partitions it knows those of China and GovCloud. */
function prefixOf(project: string): string {
  const [account = '', region = ''] = project.split('/');
  const partition = /^(?:cn|us-gov)(?=-)/.exec(region)?.[0];
  return `arn:aws${partition ? `-${partition}` : ''}:secretsmanager:${region}:${account}:secret:`;
}
