import { cloudOf, clouds, contradictions, type Dialect, frozen, merged } from '../dialects/index.ts';
import { isObject } from '../json.ts';
import { explainContradiction } from '../sentences.ts';
import { asText, quote } from '../text.ts';
import type { Option } from './command.ts';
import { readJson } from './files/read-file.ts';
import { type Host, UsageError } from './host.ts';
import { suggestion } from './options.ts';

/** The ids of the clouds. */
export const cloudIds: readonly string[] = clouds.map(({ id }) => id);

/** The option that names the cloud. */
export const cloudOption = {
  value: 'CLOUD',
  suggested: cloudIds,
  about: `apply the rules of CLOUD: ${cloudIds.join(', ')} or a dialect file; if omitted, detected`,
  more: 'The cloud is detected from the first call or `dialect` of a transcript, the `dialect` of a state, or the fields of a response.',
} as const satisfies Option;

/** The dialect that `--cloud` names: that of a cloud, by its id, or one in a file. */
export async function readCloud(host: Host, given: string): Promise<Dialect> {
  const cloud = cloudOf(given);
  if (cloud) return cloud;
  if (/[./\\]/.test(given)) return dialectIn(await readJson(host, given), given);
  throw new UsageError(`${quote(given)} is not a cloud. ${suggestion(given, cloudIds)}`, [
    'To use a dialect file, pass its path, such as ./dialect.json.',
  ]);
}

/** The dialect in a file, which has all rules, or a `base` cloud and the rules that differ from it. */
function dialectIn(json: unknown, file: string): Dialect {
  const { base, ...changes } = isObject(json) ? json : {};
  const cloud = cloudOf(asText(base));
  if (base !== undefined && !cloud)
    throw new UsageError(
      `${file} is not a valid dialect: base ${quote(base)} is not a cloud. ${suggestion(asText(base), cloudIds)}`,
    );
  const dialect = cloud ? merged(cloud, changes) : json;
  if (isSound(dialect)) return frozen(dialect);
  throw new UsageError(`${file} is not a valid dialect:`, contradictions(dialect).map(explainContradiction));
}

function isSound(dialect: unknown): dialect is Dialect {
  return contradictions(dialect).length === 0;
}
