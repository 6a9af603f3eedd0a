import { grouped } from '../text.ts';
import { checkOptions, readCheckOptions } from './check-options.ts';
import { type Checked, checkSecret } from './checked.ts';
import { drawChecked, drawTotals, totalsOf } from './draw-checked.ts';
import { type Command, print, printJson, UsageError } from './host.ts';
import { oneOf, readOptions } from './options.ts';
import { planCommands } from './plan-command.ts';
import { startProgress } from './progress.ts';
import { sarifOf } from './sarif.ts';
import { terminalOf } from './terminal.ts';

export const check: Command = {
  usage: `secret-stages check [FILE…] [--dialect NAME] [--policy POLICY] [--at TIME] [--fail-on SEVERITY] [--format FORMAT]

  Holds secrets to a policy, and says of each finding what shows it, why it matters, and what mends it. Reads recorded answers
  (ListSecretVersions with all its pages, ShowSecret, ListSecrets, ShowSecretStage; those of one secret may be in many files),
  transcripts, snapshots of the emulator, and states. Without FILE, or with -, it reads standard input.

  --dialect NAME      the cloud that all of them must belong to: huawei-csms, aws-secrets-manager, alibaba-kms or
                      google-secret-manager; if omitted, each file must show it: a transcript by its first call or "dialect",
                      see \`secret-stages replay --help\`; see also \`secret-stages dialects\`
  --policy POLICY     which rules hold, with which severities and thresholds; all of them unless told otherwise:
                      {"rules": {"stuck-stage": {"severity": "error", "days": 3}, "rollback": "off"}, "others": "on"}
  --at TIME           as of when: epoch milliseconds, or 2026-11-24T12:00:00Z; unless told otherwise now, and of a
                      transcript when it ends
  --fail-on SEVERITY  error, warning (unless told otherwise) or note: from where on a finding counts for the exit code
  --fail-on-unjudged  what could not be judged counts, too
  --format FORMAT     pretty, json or sarif

  Exit code: 0 clean; 1 findings that count; 2 the input or the policy is of no use`,

  run: async (host, args) => {
    const { values, positionals } = readOptions('check', args, checkOptions);
    const format = oneOf('--format', values.format, ['pretty', 'json', 'sarif']);
    const { policy, files, secrets, timeFor, isFailure } = await readCheckOptions(host, values, positionals);
    if (secrets.length === 0) throw new UsageError('there is no secret to check in what was given');

    const progress = startProgress(host);
    const checked = secrets.map((secret, index) => {
      progress.show(`checked ${grouped(index)} of ${grouped(secrets.length)} secrets`);
      return checkSecret(secret, { at: timeFor(secret), policy });
    });
    progress.end();
    if (format === 'sarif') await printJson(host, sarifOf(checked, policy));
    else if (format === 'json') await printJson(host, { secrets: checked.map(plain), summary: totalsOf(checked) });
    else {
      const terminal = terminalOf(host);
      const commandFor = planCommands(files, secrets, values);
      for (const one of checked) {
        const text = drawChecked(one, { policy, command: commandFor(one.secret), terminal });
        if (text !== '') await print(host, `${text}\n`);
      }
      await print(host, drawTotals(checked, terminal));
    }
    return checked.some(isFailure) ? 1 : 0;
  },
};

/** What is reported of a secret as data: all but its state. */
const plain = ({ secret, at, findings, unjudged }: Checked) => {
  const { project, state, dialect, source } = secret;
  return { at, project, secret: state.name, dialect: dialect.id, source, findings, unjudged };
};
