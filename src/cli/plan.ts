import pico from 'picocolors';
import type { Colors } from 'picocolors/types.js';
import { explain } from '../explain.ts';
import type { Effect, SecretAction, SecretState } from '../index.ts';
import { checkPlan, type Finding, type PlanReport, type PolicyRule } from '../policy/index.ts';
import { severities } from '../policy/rule.ts';
import { unknownAfter } from '../policy/subject.ts';
import { asJson, printable } from '../text.ts';
import { boardOf, drawBoard } from './draw-board.ts';
import { type Command, colorsFor, print, UsageError } from './host.ts';
import {
  assignmentIn,
  drawFinding,
  filesIn,
  isAtLeast,
  judgingOptions,
  planCommands,
  policyIn,
  readTime,
  stateAfter,
  timeIn,
  typedWith,
} from './judged.ts';
import { oneOf, readOptions } from './options.ts';
import { type ReadSecret, readSecrets } from './read-secrets.ts';

const options = {
  ...judgingOptions,
  secret: { type: 'string' },
  project: { type: 'string' },
  assign: { type: 'string', multiple: true },
  remove: { type: 'string', multiple: true },
  from: { type: 'string', multiple: true },
  'new-version': { type: 'boolean', multiple: true },
  'version-id': { type: 'string', multiple: true },
  stages: { type: 'string', multiple: true },
  prune: { type: 'boolean', multiple: true },
  keep: { type: 'string', multiple: true },
  'created-before': { type: 'string', multiple: true },
} as const;

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
    const failOn = oneOf('--fail-on', values['fail-on'], severities);
    const policy = await policyIn(host, values.policy);
    const files = filesIn(positionals);
    const secrets = await readSecrets(host, files, values.dialect);
    const secret = theOne(secrets, values);
    const at = timeIn(values.at, secret.recordedAt);
    const given = tokens.flatMap((token) =>
      token.kind === 'option' ? [{ name: token.name, value: token.value ?? '' }] : [],
    );
    const actions = actionsIn(given, at, secret);
    const report = checkPlan(secret.state, actions, { ...secret, at, policy });

    const command = planCommands(files, secrets, values)(secret);
    const draw = (colors: Colors) => drawReport(report, { secret, actions, policy, command, colors });
    if (format === 'pretty') await print(host, draw(colorsFor(host)));
    else if (format === 'json')
      await print(host, `${asJson({ at, project: secret.project, secret: secret.state.name, actions, ...report })}\n`);
    else if (report.allowed) await print(host, `${asJson(subjectAfter(secret, report.state))}\n`);
    // Whoever reads the next state must not get something else.
    else host.stderr.write(draw(pico.createColors(false)));
    if (!report.allowed || (values['fail-on-unjudged'] && report.unjudged.length > 0)) return 1;
    return report.brings.some((finding) => isAtLeast(finding, failOn)) ? 1 : 0;
  },
};

/** The secret that is meant. */
const theOne = (
  secrets: readonly ReadSecret[],
  { secret: name, project }: { readonly secret?: string | undefined; readonly project?: string | undefined },
): ReadSecret => {
  const meant = secrets.filter(
    (secret) =>
      (name === undefined || secret.state.name === name) && (project === undefined || secret.project === project),
  );
  const [one] = meant;
  if (one !== undefined && meant.length === 1) return one;
  if (secrets.length === 0) throw new UsageError('there is no secret to plan for');
  const there = meant.length > 0 ? meant : secrets;
  const message =
    meant.length > 0
      ? 'there are several: tell which by --secret NAME, by --project ID where names repeat, or by giving fewer files'
      : 'there is no such secret, but these';
  const placed = there.slice(0, 20).map(({ project, source, state }) => {
    return `${state.name}${project === null ? '' : ` of project ${project}`} in ${source}`;
  });
  throw new UsageError(message, [...placed, ...(there.length > 20 ? [`and ${there.length - 20} more`] : [])]);
};

interface Option {
  readonly name: string;
  readonly value: string;
}

/** The actions that the options ask for, in their order. */
const actionsIn = (given: readonly Option[], at: number, secret: ReadSecret): readonly SecretAction[] => {
  const actions: SecretAction[] = [];
  for (const option of given) {
    const begun = actionIn(option, at, stateAfter(secret, actions));
    if (begun !== undefined) actions.push(begun);
    else if (Object.hasOwn(amends, option.name)) actions.push(amended(actions.pop(), option));
  }
  if (actions.length > 0) return actions;
  throw new UsageError('plan needs an action, such as --assign STAGE=VERSION; see secret-stages plan --help');
};

const actionIn = ({ name, value }: Option, at: number, state: SecretState): SecretAction | undefined => {
  switch (name) {
    case 'assign': {
      const assignment = assignmentIn(value, state);
      if (assignment === undefined) throw new UsageError(`--assign takes STAGE=VERSION, not ${value}`);
      return { type: 'assignStage', ...assignment, at };
    }
    case 'remove':
      return { type: 'removeStage', stage: value, at };
    case 'new-version':
      return { type: 'createVersion', at };
    case 'prune':
      return { type: 'pruneDeprecated' };
    default:
      return undefined;
  }
};

/** The options that say more of an action, and which that is. */
const amends: Readonly<Record<string, string>> = {
  from: '--assign or --remove',
  stages: '--new-version',
  'version-id': '--new-version',
  keep: '--prune',
  'created-before': '--prune',
};

/** The action with what an option behind it says of it. */
const amended = (action: SecretAction | undefined, { name, value }: Option): SecretAction => {
  if (action?.type === 'assignStage' && name === 'from') return { ...action, from: value === '' ? null : value };
  if (action?.type === 'removeStage' && name === 'from') return { ...action, from: value };
  if (action?.type === 'createVersion') {
    if (name === 'stages') return { ...action, stages: value === '' ? [] : value.split(',') };
    if (name === 'version-id') return { ...action, versionId: value };
  }
  if (action?.type === 'pruneDeprecated') {
    if (name === 'created-before') return { ...action, createdBefore: readTime('--created-before', value) };
    if (name === 'keep' && !/^\d+$/.test(value)) throw new UsageError(`--keep takes a whole number, not ${value}`);
    if (name === 'keep') return { ...action, keep: Number(value) };
  }
  throw new UsageError(`--${name} belongs behind ${amends[name]}`);
};

/** The secret as it would be, as the importers read it. */
const subjectAfter = (secret: ReadSecret, state: SecretState) => ({
  project: secret.project,
  state,
  expireTimes:
    secret.expireTimes &&
    Object.fromEntries(Object.entries(secret.expireTimes).filter(([id]) => Object.hasOwn(state.versions, id))),
  unknown: unknownAfter(secret, state),
});

/** What was planned for. */
interface Planned {
  readonly secret: ReadSecret;
  readonly actions: readonly SecretAction[];
  readonly policy: readonly PolicyRule[];
  /** How `plan` is called for the secret. */
  readonly command: string | undefined;
  readonly colors: Colors;
}

const drawReport = (report: PlanReport, { secret, actions, policy, command, colors }: Planned): string => {
  const typed = (all: readonly SecretAction[]) => typedWith(command, all, secret);
  const board = (state: SecretState) => drawBoard(boardOf(secret.project ?? '', state), secret.dialect, colors);
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', colors.bold(title), ...lines.map((line) => line.replaceAll(/^(?=.)/gm, '  '))];
  const before = section('Before', [board(secret.state)]);
  if (!report.allowed) {
    const { index, refusal } = report;
    const title = colors.red(`Refused at action ${index + 1}: ${refusal.code}`);
    const said = [printable(explain(refusal)), ...wayOut(report, actions, typed)];
    return [...before, ...section(title, said), '', ''].slice(1).join('\n');
  }
  const effects = (all: readonly Effect[]) => all.map((effect) => printable(explain(effect)));
  const findings = (all: readonly Finding[]) =>
    all.map(
      (finding, index) =>
        (index > 0 ? '\n' : '') +
        drawFinding(finding, secret, policy, (remedy) => typed([...actions, ...remedy]), colors),
    );
  return [
    ...before,
    ...section('After', [board(report.state)]),
    ...section('What was asked for', report.asked.length > 0 ? effects(report.asked) : ['Nothing changes.']),
    ...section('What follows by itself', effects(report.follows)),
    ...section('What it would bring', findings(report.brings)),
    ...section(
      'What it would mend',
      report.mends.map(({ rule, sentence }) => printable(`${rule}: ${sentence}`)),
    ),
    '',
    '',
  ]
    .slice(1)
    .join('\n');
};

/** What to type so that a stage that is elsewhere moves. */
const wayOut = (
  { index, refusal }: Extract<PlanReport, { allowed: false }>,
  actions: readonly SecretAction[],
  typed: (actions: readonly SecretAction[]) => string | undefined,
): readonly string[] => {
  if (refusal.code !== 'HOLDER_NOT_NAMED') return [];
  const named = actions.map((action, place) =>
    place === index && action.type === 'assignStage' ? { ...action, from: refusal.holder } : action,
  );
  const shown = typed(named);
  return shown === undefined ? [] : [`Type: ${shown}`];
};
