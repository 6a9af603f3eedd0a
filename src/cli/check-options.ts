import { type PolicyRule, pack, parsePolicy, type Report, severities } from '../policy/index.ts';
import { explainListed } from '../service/index.ts';
import { cloudOption, readCloud } from './cloud.ts';
import type { Options } from './command.ts';
import { readJson } from './files/read-file.ts';
import { type Host, UsageError } from './host.ts';
import { readTime, type Values } from './options.ts';
import { type ReadSecret, readSecrets } from './read-secrets.ts';

/** The options that `check` and `plan` share. */
export const checkOptions = {
  cloud: cloudOption,
  policy: { value: 'FILE', about: 'the policy: rules, severities, thresholds; if omitted, all rules' },
  at: {
    value: 'TIME',
    about: 'the time of the check; if omitted, now, or the end of a transcript',
    more: 'A date such as 2026-11-24T12:00:00Z, or epoch milliseconds.',
  },
  'fail-on': {
    value: 'SEVERITY',
    choices: severities,
    usual: 'warning',
    about: 'the lowest severity that counts',
  },
  'fail-on-unchecked': { about: 'counts a rule that could not be checked as a finding' },
} as const satisfies Options;

export type CheckValues = Values<typeof checkOptions>;

/** What `check` and `plan` are to judge, and how. */
export async function readCheckOptions(host: Host, values: CheckValues, positionals: readonly string[]) {
  const failOn = severities.indexOf(values['fail-on']);
  const now = Date.now();
  const dialect = values.cloud === undefined ? undefined : await readCloud(host, values.cloud);
  const at = values.at === undefined ? undefined : readTime('--at', values.at);
  const policy = values.policy === undefined ? pack : await policyIn(host, values.policy);
  const files = positionals.length > 0 ? [...new Set(positionals)] : ['-'];
  return {
    policy,
    files,
    secrets: await readSecrets(host, files, dialect),
    /** The time at which a secret is checked: the given one, or the end of its transcript, or one time for all others. */
    timeFor: ({ recordedAt = now }: ReadSecret) => at ?? recordedAt,
    /** Whether what was found makes the command fail. */
    isFailure: ({ findings, unchecked }: Report) =>
      findings.some(({ severity }) => severities.indexOf(severity) <= failOn) ||
      (values['fail-on-unchecked'] && unchecked.length > 0),
  };
}

async function policyIn(host: Host, file: string): Promise<readonly PolicyRule[]> {
  const parsed = parsePolicy(await readJson(host, file));
  if (!parsed.ok) throw new UsageError(`${file} is not a valid policy:`, parsed.problems.map(explainListed));
  return parsed.policy;
}
