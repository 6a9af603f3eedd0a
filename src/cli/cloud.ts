import { cloudOf, clouds, contradictions, type Dialect, frozen, merged } from '../dialects/index.ts';
import { isObject } from '../json.ts';
import { nearest } from '../nearest.ts';
import { explainContradiction } from '../sentences.ts';
import { asText, quote } from '../text.ts';
import type { Option } from './command.ts';
import { type Host, UsageError } from './host.ts';
import { readJson } from './read-file.ts';

/** The ids of the clouds. */
export const cloudIds: readonly string[] = clouds.map(({ id }) => id);

/** The option that names the cloud. */
export const cloudOption = {
  value: 'CLOUD',
  suggested: cloudIds,
  about: `${cloudIds.join(', ')} or a file; if omitted, recognised`,
  more: 'A file holds a dialect of your own. If omitted, a transcript shows its cloud by its first call or `dialect`, a state by its `dialect`, and an answer by its fields.',
} as const satisfies Option;

/** What `--cloud` names: a cloud by its id, or a dialect in a file. */
export async function readCloud(host: Host, given: string): Promise<Dialect> {
  const cloud = cloudOf(given);
  if (cloud) return cloud;
  if (/[./\\]/.test(given)) return dialectIn(await readJson(host, given), given);
  throw new UsageError(`${quote(given)} is not a cloud; ${nearest(given, cloudIds)}`, [
    'Name a file with a dialect by its path, such as ./vault.json.',
  ]);
}

/** A dialect: all of its rules, or what it changes in the rules of the cloud that is its `base`. */
function dialectIn(json: unknown, file: string): Dialect {
  const { base, ...changes } = isObject(json) ? json : {};
  const cloud = cloudOf(asText(base));
  if (base !== undefined && !cloud)
    throw new UsageError(`${file}: "base" is not a cloud; ${nearest(asText(base), cloudIds)}`);
  const dialect = cloud ? merged(cloud, changes) : json;
  if (isSound(dialect)) return frozen(dialect);
  throw new UsageError(`${file} is not a dialect`, contradictions(dialect).map(explainContradiction));
}

function isSound(dialect: unknown): dialect is Dialect {
  return contradictions(dialect).length === 0;
}
