import { cloudOf, clouds, contradictions, type Dialect, frozen, merged } from '../dialects/index.ts';
import { isObject } from '../json.ts';
import { nearest } from '../nearest.ts';
import { explainContradiction } from '../sentences.ts';
import { asText, quote } from '../text.ts';
import type { Option } from './command.ts';
import { readJson } from './files/read-file.ts';
import { type Host, UsageError } from './host.ts';

/** The ids of the clouds. */
export const cloudIds: readonly string[] = clouds.map(({ id }) => id);

/** The option that names the cloud. */
export const cloudOption = {
  value: 'CLOUD',
  suggested: cloudIds,
  about: `${cloudIds.join(', ')} or a dialect file; if omitted, detected`,
  more: 'A dialect is the rules of a cloud. If omitted, the cloud is detected from the first call or `dialect` of a transcript, the `dialect` of a state, or the fields of an answer.',
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
  throw new UsageError(`${file} is not a valid dialect:`, contradictions(dialect).map(explainContradiction));
}

function isSound(dialect: unknown): dialect is Dialect {
  return contradictions(dialect).length === 0;
}
