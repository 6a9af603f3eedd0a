import { type Finding, type PolicyRule, pack, parsePolicy, severities } from '../policy/index.ts';
import { explainListed } from '../service/index.ts';
import { cloudOption, readCloud } from './cloud.ts';
import type { Options } from './command.ts';
import { readJson } from './files/read-file.ts';
import { type Host, UsageError } from './host.ts';
import { readTime, type Values } from './options.ts';
import { type ReadSecret, readSecrets } from './read-secrets.ts';
import { readRules } from './rules-file.ts';

/** The options that `check` and `plan` share. */
export const checkOptions = {
  cloud: cloudOption,
  policy: {
    value: 'FILE',
    about: 'check with the policy in FILE; if omitted, all rules with their defaults',
  },
  rules: {
    value: 'FILE',
    about: 'also check with the rules that the module FILE exports',
    more: 'See [rules of your own](#rules-of-your-own).',
  },
  at: {
    value: 'TIME',
    about: 'check as of TIME; if omitted, now, or the end of a transcript',
    more: 'TIME is a date such as 2026-11-24T12:00:00Z, or epoch milliseconds.',
  },
  'fail-on': {
    value: 'SEVERITY',
    choices: severities,
    usual: 'warning',
    about: 'fail at this severity or above',
  },
  'fail-on-unchecked': { about: 'fail if a rule or a secret could not be checked' },
} as const satisfies Options;

export type CheckValues = Values<typeof checkOptions>;

/** Reads the policy and the secrets that `check` and `plan` are to check, and how. */
export async function readCheckOptions(host: Host, values: CheckValues, positionals: readonly string[]) {
  const failOn = severities.indexOf(values['fail-on']);
  const now = Date.now();
  const dialect = values.cloud === undefined ? undefined : await readCloud(host, values.cloud);
  const at = values.at === undefined ? undefined : readTime('--at', values.at);
  const rules = values.rules === undefined ? pack : [...pack, ...(await readRules(values.rules))];
  const policy = values.policy === undefined ? rules : await policyIn(host, values.policy, rules);
  const files = positionals.length > 0 ? [...new Set(positionals)] : ['-'];
  return {
    policy,
    files,
    /** Reads the secrets. Passes on each as soon as it is complete, and returns the results in the order of the files. */
    readSecrets: <Result>(resultOf: (secret: ReadSecret) => Result) => readSecrets(host, files, dialect, resultOf),
    /** The time as of which a secret is checked: the given one, or the end of its transcript, or now. */
    timeFor: ({ recordedAt = now }: ReadSecret) => at ?? recordedAt,
    /** Whether a report makes the command exit with 1. */
    isFailure: (findings: readonly Pick<Finding, 'severity'>[], unchecked: number) =>
      findings.some(({ severity }) => severities.indexOf(severity) <= failOn) ||
      (values['fail-on-unchecked'] && unchecked > 0),
  };
}

async function policyIn(host: Host, file: string, rules: readonly PolicyRule[]): Promise<readonly PolicyRule[]> {
  const parsed = parsePolicy(await readJson(host, file), rules);
  if (!parsed.ok) throw new UsageError(`${file} is not a valid policy:`, parsed.problems.map(explainListed));
  return parsed.policy;
}
