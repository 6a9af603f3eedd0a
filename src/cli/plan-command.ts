import type { SecretAction } from '../index.ts';
import { printable, shellWord } from '../text.ts';
import type { CheckValues } from './check-options.ts';
import { assignmentIn, stateAfter } from './plan-actions.ts';
import type { ReadSecret } from './read-secrets.ts';

/** Returns the `plan` command line for actions; undefined if no command line can express them. */
export type PlanCommand = (actions: readonly SecretAction[]) => string | undefined;

/** What a command line says about a secret. */
type PlannedSecret = Pick<ReadSecret, 'project' | 'state' | 'dialect'>;

interface Names {
  readonly project: string | null;
  readonly name: string;
}

/**
 * How to type `plan` for each secret in some files, so that it checks the secret in the same way. A secret that shares its name and
 * project with another one has no command.
 */
export function planCommands(
  files: readonly string[],
  secrets: readonly Names[],
  { cloud, at, policy, rules }: Partial<Pick<CheckValues, 'cloud' | 'at' | 'policy' | 'rules'>>,
): (secret: PlannedSecret) => PlanCommand {
  const names = new Map<string, number>();
  const places = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
  for (const one of secrets) {
    count(names, one.name);
    if (one.project !== null) count(places, placeOf(one));
  }
  return (secret) => (actions) => {
    const { name } = secret.state;
    const isNameUnique = names.get(name) === 1;
    const project = isNameUnique ? null : secret.project;
    if (!isNameUnique && (project === null || places.get(placeOf({ project, name })) !== 1)) return undefined;
    const command = [
      'secret-stages plan',
      ...files.map((file) => shellWord(file.replace(/^-(?=.)/, './-'))),
      ...options({
        secret: secrets.length > 1 ? name : undefined,
        project: project ?? undefined,
        cloud,
        at,
        policy,
        rules,
      }),
      ...actions.flatMap(optionsFor),
    ].join(' ');
    return isUnderstood(actions, secret) && printable(command) === command ? command : undefined;
  };
}

/** An action as options of `plan`. */
export function optionsFor(action: SecretAction): readonly string[] {
  if (action.type === 'assignStage') {
    return options({ assign: `${action.stage}=${action.versionId}`, from: action.from === null ? '' : action.from });
  }
  if (action.type === 'removeStage') return options({ remove: action.stage, from: action.from });
  if (action.type === 'createVersion') {
    const named = options({ 'version-id': action.versionId, stages: action.stages?.join(',') });
    return ['--new-version', ...named, ...(action.withoutValue ? ['--without-value'] : [])];
  }
  // Every other action in a plan or a remedy is a pruning.
  const { keep, createdBefore } = { keep: undefined, createdBefore: undefined, ...action };
  return [
    '--prune',
    ...options({
      keep: keep?.toString(),
      'created-before': createdBefore === undefined ? undefined : new Date(createdBefore).toISOString(),
    }),
  ];
}

/** The names of a secret, by which options select it. */
export function namesOf({ project, state }: PlannedSecret): Names {
  return { project, name: state.name };
}

/** A remedy as `plan` needs it. `plan` reads the same files again, so the holder of a stage adds nothing unless the cloud requires it. */
export function unguarded(remedy: readonly SecretAction[], { dialect }: PlannedSecret): readonly SecretAction[] {
  if (dialect.stages.move !== 'free') return remedy;
  return remedy.map((action) => (action.type === 'assignStage' ? { ...action, from: undefined } : action));
}

const placeOf = ({ project, name }: Names): string => JSON.stringify([project, name]);

/** The options that have a value. `=` keeps a value that begins with a hyphen from being read as an option. */
const options = (values: Readonly<Record<string, string | undefined>>): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}${value.startsWith('-') ? '=' : ' '}${shellWord(value)}`],
  );

/** Whether `plan` reads the same actions from their options. */
const isUnderstood = (actions: readonly SecretAction[], secret: PlannedSecret): boolean =>
  actions.every((action, index) => {
    if (action.type === 'createVersion') return action.stages?.some((stage) => stage.includes(',')) !== true;
    // The year of a date has four digits.
    if (action.type === 'pruneDeprecated') return (action.createdBefore ?? 0) < Date.UTC(10_000);
    if (action.type !== 'assignStage') return true;
    const state = stateAfter(secret, actions.slice(0, index));
    return assignmentIn(`${action.stage}=${action.versionId}`, state)?.stage === action.stage;
  });
