import { parseJson } from '../json.ts';
import { type PolicyRule, pack, parsePolicy, type Report, severities } from '../policy/index.ts';
import { explainListed } from '../service/index.ts';
import { type Host, UsageError } from './host.ts';
import { flag, oneOf, type readOptions, readTime, text } from './options.ts';
import { readText } from './read-file.ts';
import { type ReadSecret, readSecrets } from './read-secrets.ts';

/** The options that `check` and `plan` share. */
export const checkOptions = {
  dialect: text,
  policy: text,
  at: text,
  format: { ...text, default: 'pretty' },
  'fail-on': { ...text, default: 'warning' },
  'fail-on-unjudged': flag,
};

export type CheckValues = ReturnType<typeof readOptions<typeof checkOptions>>['values'];

/** What `check` and `plan` are to judge, and how. */
export async function readCheckOptions(host: Host, values: CheckValues, positionals: readonly string[]) {
  const failOn = oneOf('--fail-on', values['fail-on'], severities);
  const at = values.at === undefined ? undefined : readTime('--at', values.at);
  const policy = values.policy === undefined ? pack : await policyIn(host, values.policy);
  const files = positionals.length > 0 ? [...new Set(positionals)] : ['-'];
  return {
    policy,
    files,
    secrets: await readSecrets(host, files, values.dialect),
    /** The time at which a secret is checked: the given one, or the end of its transcript, or now. */
    timeFor: ({ recordedAt = Date.now() }: ReadSecret) => at ?? recordedAt,
    /** Whether what was found makes the command fail. */
    isFailure: ({ findings, unjudged }: Report) =>
      findings.some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(failOn)) ||
      (values['fail-on-unjudged'] && unjudged.length > 0),
  };
}

const policyIn = async (host: Host, file: string): Promise<readonly PolicyRule[]> => {
  const json = parseJson(await readText(host, file));
  if (json === undefined) throw new UsageError(`${file} must be a policy in JSON, and is no JSON`);
  const parsed = parsePolicy(json);
  if (!parsed.ok) throw new UsageError(`${file} is not a valid policy`, parsed.problems.map(explainListed));
  return parsed.policy;
};
