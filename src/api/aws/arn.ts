/** Returns the project of a region of an account. The emulator keeps projects apart. */
export function projectOf(account: string, region: string): string {
  return `${account}/${region}`;
}

/** Returns the project of another region of the same account. */
export function projectIn(project: string, region: string): string {
  return projectOf(partsOf(project).account, region);
}

/** Returns the region of a project. */
export function regionOf(project: string): string {
  return partsOf(project).region;
}

/** Returns the region in an ARN. */
export function regionIn(arn: string): string {
  const [, , , region = ''] = arn.split(':');
  return region;
}

/**
 * Whether a secret of a project can have a replica in a region. The name must fit the service model, and the region must be another one of
 * the same partition. Source: service model, and the page on replication (documented). At most 40 characters, as in a signature.
 */
export function isReplicaRegion(region: string, project: string): boolean {
  const isName = region.length <= 40 && /^(?:[a-z]+-)+\d+$/.test(region);
  return isName && region !== regionOf(project) && partitionOf(region) === partitionOf(regionOf(project));
}

/** Returns the ARN of the replica of a secret in a project: only the region differs. Source: the page on replication (documented). */
export function replicaArn(arn: string, project: string): string {
  return `${prefixOf(project)}${arn.slice(arn.lastIndexOf(':') + 1)}`;
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
  const { account, region } = partsOf(project);
  return `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:`;
}

function partitionOf(region: string): string {
  const partition = /^(?:cn|us-gov)(?=-)/.exec(region)?.[0];
  return partition ? `aws-${partition}` : 'aws';
}

/** Returns what a project consists of. */
export function partsOf(project: string): { readonly account: string; readonly region: string } {
  const [account = '', region = ''] = project.split('/');
  return { account, region };
}
