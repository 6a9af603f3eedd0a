import type { Terminal } from '../drawing/terminal.ts';
import { explain } from '../explain.ts';
import type { Effect, SecretAction } from '../index.ts';
import { checkPlan, explainUnknown, type PlanReport, subjectAfter } from '../policy/index.ts';
import { commandsFor } from '../shell.ts';
import { quote } from '../text.ts';
import { checkOptions, readCheckOptions } from './check-options.ts';
import { type Command, formatOption, type Options } from './command.ts';
import { drawPlan } from './draw/draw-plan.ts';
import { atMost, complain, print, printJson, UsageError } from './host.ts';
import { readOptions } from './options.ts';
import { actionOptions, actionsIn, mustHaveAction } from './plan-actions.ts';
import { namesOf, planCommands } from './plan-command.ts';
import type { ReadSecret } from './read-secrets.ts';
import { terminalOf } from './terminal/terminal.ts';

const options = {
  ...actionOptions,
  secret: { value: 'NAME', about: 'plan for this secret; required if the input has several' },
  project: { value: 'ID', about: 'plan for the secret in this project; required if names repeat' },
  ...checkOptions,
  format: formatOption('json', 'state'),
} as const satisfies Options;

export const plan: Command = {
  name: 'plan',
  takes: '[FILE…] ACTION…',
  summary: 'show what actions would do to a secret, without doing them',
  about: 'It also shows side effects, and the findings that the actions cause or fix. FILE: see check.',
  options,
  failure: 'a refused action, or a finding as for check',
  examples: ['plan rotation.jsonl --rollback --prune --keep 3'],
  details: `### Actions

Actions run in the order given. Options such as \`--from\` apply to the action before them. \`--promote\` and \`--rollback\` stand for the
moves that the cloud needs: one in AWS, where AWSPREVIOUS follows AWSCURRENT, and two in CSMS. \`--rotate\` stands for the calls of a
rotation that succeeds: a new version with AWSPENDING gets its value and becomes current, and AWSPENDING is removed. Like RotateSecret,
it is refused while AWSPENDING is on a version that is not current.

\`--format state\` prints the resulting state, which \`check\` and \`plan\` can read. \`--format json\` prints the report of \`checkPlan\`, with
sentences, and the commands that do the actions.`,

  run: async (host, args) => {
    const { values, positionals, given } = readOptions('plan', args, options);
    const { format } = values;
    mustHaveAction(given);
    const { policy, files, readSecrets, timeFor, isFailure } = await readCheckOptions(host, values, positionals);
    const { results: secrets } = await readSecrets((secret) => secret);
    const secret = secretIn(secrets, values.secret, values.project);
    const { project, state } = secret;
    const at = timeFor(secret);
    const { actions, refused } = actionsIn(given, at, secret);
    const planned = checkPlan(state, actions, { ...secret, at, policy });
    const report: PlanReport = planned.allowed && refused ? { allowed: false, ...refused } : planned;

    const command = planCommands(files, secrets.map(namesOf), values)(secret);
    const pretty = (terminal: Terminal) => drawPlan(report, { secret, actions, policy, command, terminal });
    if (format === 'pretty') await print(host, pretty(terminalOf(host)));
    else if (format === 'json') {
      const commandsOf = (actions: readonly SecretAction[]) => commandsFor(actions, { ...secret, name: state.name });
      await printJson(host, {
        version: 1,
        at,
        project,
        secret: state.name,
        dialect: secret.dialect.id,
        source: secret.source,
        actions,
        ...report,
        ...(report.allowed && {
          commands: commandsOf(actions),
          causes: report.causes.map((finding) => ({ ...finding, commands: commandsOf(finding.remedy) })),
          asked: report.asked.map(explained),
          follows: report.follows.map(explained),
          unchecked: report.unchecked.map((one) => ({ ...one, sentence: explainUnknown(one.unknown, secret.dialect) })),
        }),
      });
    } else if (report.allowed) await printJson(host, { project, ...subjectAfter(secret, report.state) });
    // Standard output gets a state or nothing.
    else complain(host, pretty(terminalOf({ ...host, stdout: host.stderr })));
    return report.allowed && !isFailure(report.causes, report.unchecked.length) ? 0 : 1;
  },
};

const explained = (effect: Effect) => ({ ...effect, sentence: explain(effect) });

/** The secret to plan for. */
const secretIn = (secrets: readonly ReadSecret[], name?: string, project?: string): ReadSecret => {
  const meant = secrets
    .filter(({ state }) => name === undefined || state.name === name)
    .filter((secret) => project === undefined || secret.project === project);
  const [one] = meant;
  if (one !== undefined && meant.length === 1) return one;
  const candidates = meant.length > 0 ? meant : secrets;
  const asked = [
    ...(name === undefined ? [] : [`name ${quote(name)}`]),
    ...(project === undefined ? [] : [`project ${quote(project)}`]),
  ].join(' and ');
  const message =
    meant.length > 0
      ? 'The input has several secrets. Choose one with --secret NAME, and with --project ID if names repeat:'
      : `The input has no secret with ${asked}. It has:`;
  const names = candidates.map(({ project, source, state }) => {
    return `${state.name}${project === null ? '' : ` in project ${project}`}, from ${source}`;
  });
  throw new UsageError(message, atMost(20, names));
};
