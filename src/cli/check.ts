import { checkOptions, readCheckOptions } from './check-options.ts';
import { type Checked, checkSecret } from './checked.ts';
import { type Command, formatOption, type Options } from './command.ts';
import { drawChecked, drawTotals, totalsOf } from './draw/draw-checked.ts';
import { print, printJson } from './host.ts';
import { readOptions } from './options.ts';
import { planCommands } from './plan-command.ts';
import { sarifOf } from './sarif.ts';
import { terminalOf } from './terminal/terminal.ts';

const options = {
  ...checkOptions,
  format: formatOption('json', 'sarif'),
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

    const { results: checked } = await readSecrets((secret) => checkSecret(secret, { at: timeFor(secret), policy }));
    if (format === 'sarif') await printJson(host, sarifOf(checked, policy));
    else if (format === 'json') await printJson(host, { secrets: checked.map(plain), summary: totalsOf(checked) });
    else {
      const terminal = terminalOf(host);
      const commandFor = planCommands(
        files,
        checked.map(({ secret }) => secret),
        values,
      );
      for (const one of checked) {
        const text = drawChecked(one, { policy, command: commandFor(one.secret), terminal });
        if (text !== '') await print(host, `${text}\n`);
      }
      await print(host, drawTotals(checked, terminal));
    }
    return checked.some(isFailure) ? 1 : 0;
  },
};

/** A checked secret as JSON, without its state. */
const plain = ({ secret, at, findings, unchecked }: Checked) => {
  const { project, state, dialect, source } = secret;
  return { at, project, secret: state.name, dialect: dialect.id, source, findings, unchecked };
};
