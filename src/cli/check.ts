import { relative, resolve, sep } from 'node:path';
import {
  type CheckReport,
  checkSecret,
  type ReportedFinding,
  reportOf,
  toJUnit,
  toSarif,
  toText,
  withoutKnown,
} from '../policy/index.ts';
import { checkOptions, readCheckOptions } from './check-options.ts';
import { type Command, formatOption, type Options } from './command.ts';
import { readJson } from './files/read-file.ts';
import { type Host, print, printJson, UsageError } from './host.ts';
import { readOptions } from './options.ts';
import { planCommands, unguarded } from './plan-command.ts';
import type { ReadSecret } from './read-secrets.ts';
import { hasColors, terminalOf } from './terminal/terminal.ts';

const options = {
  ...checkOptions,
  baseline: {
    value: 'FILE',
    about: 'report and fail only on findings that FILE does not have: a report of check --format json',
  },
  format: formatOption('json', 'sarif', 'junit'),
} as const satisfies Options;

export const check: Command = {
  name: 'check',
  takes: '[FILE…]',
  summary: 'check secrets and report what is wrong, why it matters and how to fix it',
  about:
    'FILE is a recorded response of a cloud, a transcript, a snapshot of the emulator, a state, or a folder of these. If FILE is omitted or -, check reads standard input.',
  options,
  failure: 'a finding at or above --fail-on, or an unchecked rule if --fail-on-unchecked is set',
  examples: [
    'check recordings',
    'check --policy policy.json --fail-on error recordings/db.json',
    'check --cloud aws-secrets-manager --format sarif responses.json > findings.sarif',
  ],
  details: `### Input

\`check\` reads JSON, one document per file or per line. It detects the kind and the cloud of:

- responses of CSMS: ListSecretVersions with all its pages, ShowSecret, ListSecrets, ShowSecretStage
- responses of AWS: ListSecretVersionIds (\`aws secretsmanager list-secret-version-ids --include-deprecated\`), DescribeSecret, ListSecrets
- transcripts, see [\`replay\`](#secret-stages-replay)
- snapshots of the emulator
- states, such as the output of \`plan --format state\`

The responses about one secret can be in several files. For a folder, \`check\` reads all \`.json\`, \`.jsonl\` and \`.ndjson\` files in it and
in its subfolders. It skips hidden files and folders, \`node_modules\` and links to folders.

### Policies

A policy file configures rules by name. All other rules keep their defaults, unless \`others\` is \`"off"\`.

\`\`\`json
{ "rules": { "stuck-stage": { "severity": "error", "days": 3 }, "rollback": "off" }, "others": "on" }
\`\`\`

### Dialects of your own

\`--cloud\` also takes a dialect file. It has all rules, or a \`base\` cloud and the rules that differ from it.

\`\`\`json
{ "base": "huawei-csms", "stages": { "limit": 5 } }
\`\`\`

If the file sets an \`id\`, it defines a new cloud. States and transcripts name their cloud, so those of the base cloud are then
refused. Recorded responses do not, and are read as that new cloud.`,

  run: async (host, args) => {
    const { values, positionals } = readOptions('check', args, options);
    const { format } = values;
    const { policy, files, readSecrets, timeFor, isFailure } = await readCheckOptions(host, values, positionals);

    /** Of a finding with a remedy, what its preview needs. */
    const fixable = new Map<ReportedFinding, Pick<ReadSecret, 'project' | 'state' | 'dialect'>>();
    const { results: checked, remarks } = await readSecrets((secret) => {
      const entry = checkSecret({ ...secret, file: pathOf(secret.file) }, { at: timeFor(secret), policy });
      const { project, state, dialect } = secret;
      for (const finding of entry.findings)
        if (finding.remedy.length > 0) fixable.set(finding, { project, state, dialect });
      return entry;
    });
    const whole = reportOf(checked, { policy, remarks });
    const report = values.baseline === undefined ? whole : await since(host, values.baseline, whole);

    if (format === 'sarif') await printJson(host, toSarif(report));
    else if (format === 'json') await printJson(host, report);
    else if (format === 'junit') await print(host, toJUnit(report, { failOn: values['fail-on'] }));
    else {
      const commandFor = planCommands(files, checked, values);
      const preview = (_: unknown, finding: ReportedFinding) => {
        const secret = fixable.get(finding);
        return secret && commandFor(secret)(unguarded(finding.remedy, secret));
      };
      await print(host, toText(report, { width: terminalOf(host).width, colors: hasColors(host), preview }));
    }
    const findings = report.secrets.flatMap((secret) => secret.findings);
    return isFailure(findings, report.summary.unchecked + report.summary.notChecked) ? 1 : 0;
  },
};

/** The path of a file as a report shows it: relative to the current folder, or absolute if it is outside of it. */
function pathOf(file: string): string {
  const path = relative('', file);
  return (path.startsWith('..') ? resolve(file) : path).replaceAll(sep, '/');
}

/** A report without the findings that the report in a file has. */
async function since(host: Host, file: string, report: CheckReport): Promise<CheckReport> {
  const baseline = await readJson(host, file);
  try {
    return withoutKnown(report, baseline);
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(`${file} is not a baseline. ${error.message}`) : error;
  }
}
