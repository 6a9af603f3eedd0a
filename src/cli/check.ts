import {
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
import { print, printJson } from './host.ts';
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
    'FILE is a recorded response of a cloud, the output of terraform show -json, a transcript, a snapshot of the emulator, a state, or a folder of these. If FILE is omitted or -, check reads standard input.',
  options,
  failure: 'a finding at or above --fail-on, or an unchecked rule or secret if --fail-on-unchecked is set',
  examples: [
    'check recordings',
    'check --policy policy.json --fail-on error recordings/db.json',
    'check --cloud aws-secrets-manager --format sarif responses.json > findings.sarif',
    'check --rules ./rules.mjs --baseline baseline.json recordings',
  ],
  details: `### Input

\`check\` reads JSON, one document per file or per line. It detects the kind and the cloud of:

- responses of CSMS: ListSecretVersions with all its pages, ShowSecret, ListSecrets, ShowSecretStage
- responses of AWS: ListSecretVersionIds (with \`--include-deprecated\`), DescribeSecret, ListSecrets
- the output of \`terraform show -json\`, of a state or a plan
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

A file with an \`id\` defines a new cloud. States and transcripts of the base cloud are then refused, because they name it. Recorded
responses are read as those of the new cloud.

### Rules of your own

\`--rules\` takes an ES or CommonJS module. It exports a list of rules, as its default or as \`rules\`. Install secret-stages in the folder
of the module, so that the module can import it.

\`\`\`js
import { defineRule } from 'secret-stages/policy';

export default [
  defineRule({
    id: 'fresh-current',
    title: 'The current version is recent.',
    why: 'Our auditors require a new value every quarter.',
    advice: 'Rotate the secret.',
    severity: 'error',
    thresholds: { days: 90 },
    find: ({ current = '', ageOf }, { days }) =>
      ageOf(current) > days * 86_400_000 ? [{ sentence: \`Version "\${current}" is old.\`, versionId: current }] : [],
  }),
];
\`\`\`

A policy file configures these rules, too. If a rule throws, the exit code is 2.

### Reports

| format | for |
| --- | --- |
| \`pretty\` | people. You can paste the commands of a fix into a shell. Those for CSMS need \`CSMS_ENDPOINT\`, \`PROJECT_ID\` and \`CSMS_TOKEN\`. |
| \`json\` | programs. Its JSON schema is \`dist/check-report.schema.json\` of the package. Its \`version\` changes only if a field is removed or changes its meaning. |
| \`sarif\` | code scanning, such as that of GitHub |
| \`junit\` | test reports, such as those of GitLab |

\`--baseline\` takes an earlier report of \`--format json\`, made without \`--baseline\`. Known findings are recognised by their rule, cloud,
project, secret, stage and version.

### GitHub Actions

Save [the script that records secrets](../policy/README.md#what-to-record) as \`record.sh\`. It makes the folder \`recordings\`. Do
not commit that folder. To accept the findings of today, run the script, then this command, and commit \`baseline.json\`. The command
exits with 1 if it finds something.

\`\`\`sh
npx secret-stages check recordings --format json > baseline.json
\`\`\`

\`\`\`yaml
on: { schedule: [{ cron: '0 6 * * *' }] }
permissions: { contents: read, id-token: write, security-events: write }
jobs:
  secrets:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: aws-actions/configure-aws-credentials@v4
        with: { role-to-assume: '\${{ vars.ROLE }}', aws-region: eu-west-1 }
      - run: sh record.sh
      - run: npx secret-stages check recordings --baseline baseline.json --format sarif > secrets.sarif
      - if: '!cancelled()'
        uses: github/codeql-action/upload-sarif@v3
        with: { sarif_file: secrets.sarif }
\`\`\`

If you use \`--rules\`, add secret-stages to your \`package.json\` and run \`npm ci\` first. This also fixes its version.

### GitLab CI

Give the job credentials for AWS, such as in CI/CD variables.

\`\`\`yaml
secrets:
  image: node:22
  script:
    - apt-get update && apt-get install -y awscli
    - sh record.sh
    - npx secret-stages check recordings --baseline baseline.json --format junit > secrets.xml
  artifacts:
    when: always
    reports: { junit: secrets.xml }
\`\`\``,

  run: async (host, args) => {
    const { values, positionals } = readOptions('check', args, options);
    const { format } = values;
    const { policy, files, readSecrets, timeFor, isFailure } = await readCheckOptions(host, values, positionals);

    /** Of a finding with a remedy, what its preview needs. */
    const fixable = new Map<ReportedFinding, Pick<ReadSecret, 'project' | 'state' | 'dialect'>>();
    const { results: checked, remarks } = await readSecrets((secret) => {
      const entry = checkSecret(secret, { at: timeFor(secret), policy });
      const { project, state, dialect } = secret;
      for (const finding of entry.findings)
        if (finding.remedy.length > 0) fixable.set(finding, { project, state, dialect });
      return entry;
    });
    const whole = reportOf(checked, { policy, remarks });
    const { baseline } = values;
    const report = baseline === undefined ? whole : withoutKnown(whole, await readJson(host, baseline));

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
