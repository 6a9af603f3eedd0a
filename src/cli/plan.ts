import { checkPlan, subjectAfter } from '../policy/index.ts';
import { checkOptions, readCheckOptions } from './check-options.ts';
import { drawPlan } from './draw-plan.ts';
import { atMost, type Command, print, printJson, UsageError } from './host.ts';
import { oneOf, readOptions, text } from './options.ts';
import { actionOptions, actionsIn } from './plan-actions.ts';
import { planCommands } from './plan-command.ts';
import type { ReadSecret } from './read-secrets.ts';
import { type Terminal, terminalOf } from './terminal.ts';

const options = { ...checkOptions, secret: text, project: text, ...actionOptions };

export const plan: Command = {
  usage: `secret-stages plan [FILE…] ACTION… [--dialect NAME] [--secret NAME] [--project ID] [--policy POLICY] [--at TIME] [--fail-on SEVERITY] [--format FORMAT]

  Shows what actions would do, one after the other, without doing them: the board before and after, what was asked for and what
  follows by itself, and which findings they would bring and mend. FILE… is what \`check\` reads.

  --assign STAGE=VERSION     puts a stage on a version
  --remove STAGE             takes a stage off its version
  --from VERSION             behind either: only if the stage is on that version now, or with '' on none; AWS moves none without
  --new-version              creates a version; with --stages A,B behind it, it takes exactly these stages; with --version-id ID it
                             has that id
  --prune                    deletes what is deprecated; with --keep N behind it all but the newest N, with --created-before TIME
                             only what is older
  --secret, --project        which secret, if FILE… holds several
  --dialect, --policy, --at, --fail-on, --fail-on-unjudged  as for \`check\`
  --format FORMAT            pretty, json, or state: the secret as it would be, for \`check\` and \`plan\` to read

  Exit code: 0 allowed; 1 refused, or it would bring findings that count; 2 the input is of no use`,

  run: async (host, args) => {
    const { values, positionals, tokens } = readOptions('plan', args, options);
    const format = oneOf('--format', values.format, ['pretty', 'json', 'state']);
    const { policy, files, secrets, timeFor, isFailure } = await readCheckOptions(host, values, positionals);
    const secret = secretIn(secrets, values.secret, values.project);
    const { project, state } = secret;
    const at = timeFor(secret);
    const given = tokens.filter((token) => token.kind === 'option');
    const actions = actionsIn(given, at, secret);
    const report = checkPlan(state, actions, { ...secret, at, policy });

    const command = planCommands(files, secrets, values)(secret);
    const pretty = (terminal: Terminal) => drawPlan(report, { secret, actions, policy, command, terminal });
    if (format === 'pretty') await print(host, pretty(terminalOf(host)));
    else if (format === 'json') await printJson(host, { at, project, secret: state.name, actions, ...report });
    else if (report.allowed) await printJson(host, { project, ...subjectAfter(secret, report.state) });
    // The reader of the next state must not get anything else.
    else host.stderr.write(pretty(terminalOf({ ...host, stdout: host.stderr })));
    return report.allowed && !isFailure({ ...report, findings: report.brings }) ? 0 : 1;
  },
};

/** The secret that is meant. */
const secretIn = (secrets: readonly ReadSecret[], name?: string, project?: string): ReadSecret => {
  const meant = secrets
    .filter(({ state }) => name === undefined || state.name === name)
    .filter((secret) => project === undefined || secret.project === project);
  const [one] = meant;
  if (one !== undefined && meant.length === 1) return one;
  if (secrets.length === 0) throw new UsageError('there is no secret to plan for');
  const candidates = meant.length > 0 ? meant : secrets;
  const message =
    meant.length > 0
      ? 'there are several: tell which by --secret NAME, by --project ID where names repeat, or by giving fewer files'
      : 'there is no such secret, but these';
  const names = candidates.map(({ project, source, state }) => {
    return `${state.name}${project === null ? '' : ` of project ${project}`} in ${source}`;
  });
  throw new UsageError(message, atMost(20, names));
};
