import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as model from 'secret-stages';
import {
  alibabaKms,
  awsSecretsManager,
  type BatchOutcome,
  type CreateSecret,
  type Dialect,
  type Effect,
  type Grade,
  googleSecretManager,
  huaweiCsms,
  type Outcome,
  type Plan,
  type Refusal,
  type SecretAction,
  type SecretState,
  type SourcedDialect,
} from 'secret-stages';
import schema from './vectors/schema.json' with { type: 'json' };

type Pattern = 'secretName' | 'stageName' | 'versionId';

type Hours = 'deprecatedStayInHours';

/** The rules of a dialect as data for any language: a pattern is a text, and null is no hours. */
export type PortableRules = Omit<Dialect, 'name' | Pattern | Hours> & {
  readonly [Name in Pattern]: string;
} & { readonly [Name in Hours]: number | null };

interface VectorFile {
  readonly about: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly cases: readonly VectorCase[];
}

export type VectorCase = About & (Creation | Step | Batch | Reading) & Result;

interface About {
  readonly id: string;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly source: {
    readonly rule: string;
    readonly page: string;
    readonly grade: Grade;
    /** The test, or the report, that has it from the service itself. */
    readonly recording?: string;
  };
  readonly rules?: Partial<PortableRules>;
}

interface Creation {
  readonly before: null;
  readonly action: CreateSecret;
}

interface Step {
  readonly before: SecretState;
  readonly action: SecretAction;
}

interface Batch {
  readonly before: SecretState;
  readonly actions: readonly SecretAction[];
}

interface Reading {
  readonly parse: unknown;
}

interface Result {
  readonly after?: SecretState;
  readonly refusal?: Refusal;
  readonly index?: number;
  readonly effects?: readonly Effect[];
  readonly latest?: string | null;
}

/** The dialects by the folder of their cases, with which the ids of the cases begin. CSMS has the files outside. */
export const dialects: Readonly<Record<string, SourcedDialect>> = {
  'aws-secrets-manager': awsSecretsManager,
  'alibaba-kms': alibabaKms,
  'google-secret-manager': googleSecretManager,
};

export const dialectIn = (name: string): SourcedDialect => dialects[name] ?? huaweiCsms;

export const folder = 'test/vectors';

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

const ajv = new Ajv2020({ strict: true, allErrors: true, schemas: { vectors: schema } });

const isVectorFile = ajv.compile<VectorFile>({ $ref: 'vectors' });
const isRules = ajv.compile<PortableRules>({ $ref: 'vectors#/$defs/rules' });

/** Whether a value is a file of vectors by the schema; otherwise what is wrong with it. */
export const complaintsOf = (value: unknown): string | undefined =>
  isVectorFile(value) ? undefined : ajv.errorsText(isVectorFile.errors);

/** The files of handwritten cases in a folder by their path. */
const filesIn = (sub: string): readonly (readonly [path: string, file: VectorFile])[] =>
  readdirSync(join(folder, sub))
    .filter((name) => /^(?!generated|rules|schema).*\.json$/.test(name))
    .map((name) => {
      const file = readJson(join(folder, sub, name));
      if (!isVectorFile(file)) throw new Error(`${join(sub, name)}: ${complaintsOf(file)}`);
      return [join(sub, name), file] as const;
    });

/** Those of CSMS, and those of the other dialects. */
export const vectorFiles = ['', 'optional'].flatMap(filesIn);
export const dialectFiles = Object.keys(dialects).flatMap((name) => [name, join(name, 'optional')].flatMap(filesIn));

export const readRules = (sub = ''): PortableRules => {
  const rules = readJson(join(folder, sub, 'rules.json'));
  if (!isRules(rules)) throw new Error(ajv.errorsText(isRules.errors));
  return rules;
};

/** The dialect with these rules and otherwise those of another, CSMS unless told. */
export const dialectOf = (rules: Partial<PortableRules> = {}, base: Dialect = huaweiCsms): Dialect => {
  const { secretName, stageName, versionId, deprecatedStayInHours, ...others } = rules;
  const { deprecatedStayInHours: hours, ...fields } = base;
  const stay = deprecatedStayInHours === undefined ? hours : deprecatedStayInHours;
  return {
    ...fields,
    ...others,
    ...(typeof stay === 'number' && { deprecatedStayInHours: stay }),
    ...(secretName !== undefined && { secretName: new RegExp(secretName) }),
    ...(stageName !== undefined && { stageName: new RegExp(stageName) }),
    ...(versionId !== undefined && { versionId: new RegExp(versionId) }),
  };
};

/** The assumed rules of each dialect, the other way. */
export const assumed: Readonly<Record<string, Partial<PortableRules>>> = {
  '': {
    freeStages: huaweiCsms.builtInStages,
    clearedStages: ['pending'],
    previousFollowsMove: true,
    previousFollowsListedCurrent: true,
    deprecatedIsFinal: true,
    repeatKeepsTime: true,
    stagesNeverRest: true,
    emptyListIsRefused: true,
    repeatedIdChangesNothing: true,
    versionLimitIsHard: true,
    pruningNeedsEnabled: true,
    deletionNeedsEnabled: true,
  },
  'aws-secrets-manager': {
    versionIdPrefix: 'a-series-of-another-name-altogether-',
    freeStages: awsSecretsManager.builtInStages,
    deprecatedIsFinal: true,
    repeatKeepsTime: true,
    pruningNeedsEnabled: true,
  },
  'alibaba-kms': {
    stageListLimit: 3,
    stageName: '^[A-Za-z0-9-]{1,64}$',
    versionIdPrefix: 'version-',
    freeStages: alibabaKms.builtInStages,
    clearedStages: ['pending', 'MyPendingLabel'],
    previousFollowsMove: true,
    previousFollowsListedCurrent: false,
    deprecatedIsFinal: true,
    repeatKeepsTime: true,
    stagesNeverRest: true,
    emptyListIsRefused: true,
    deprecatedStay: false,
    pruningNeedsEnabled: true,
  },
  'google-secret-manager': { repeatKeepsTime: true },
};

/** What is held to the vectors: the public functions of the model, or others in their place. */
export type Implementation = Pick<
  typeof model,
  'latestVersion' | 'parseSecretState' | 'plan' | 'planAll' | 'tryApplyAll' | 'tryCreateSecret' | 'tryReduce'
>;

/** Plays a case: undefined if all is as the case says, else what is not, for a person. */
export const runCase = (vector: VectorCase, implementation: Implementation = model): string | undefined => {
  // The implementation must not change what it is given: it gets a frozen copy, and the copy is looked at in the end.
  const given = structuredClone(vector);
  freeze(given);
  try {
    return played(given, implementation) ?? differenceOf(given, vector, 'the input');
  } catch (error) {
    return `it threw ${error}`;
  }
};

const played = (vector: VectorCase, implementation: Implementation): string | undefined => {
  const { parseSecretState, plan, planAll, tryApplyAll, tryCreateSecret, tryReduce } = implementation;
  const base = dialectIn(dirname(vector.id));
  const dialect = dialectOf(vector.rules, base);
  const judge = (outcome: Outcome | BatchOutcome) => judged(vector, outcome, dialect, implementation);
  if ('parse' in vector) return judge(parseSecretState(vector.parse, dialect));
  const { before } = vector;
  if (before === null) return judge(tryCreateSecret(vector.action, dialect));

  if (!parseSecretState(before, base).ok) return '`before` is no state';
  if ('actions' in vector) {
    const { actions } = vector;
    const oneByOne = (): BatchOutcome => {
      let state = before;
      for (const [index, action] of actions.entries()) {
        const outcome = tryReduce(state, action, dialect);
        if (!outcome.ok) return { ...outcome, index };
        state = outcome.state;
      }
      return { ok: true, state };
    };
    return (
      judge(tryApplyAll(before, actions, dialect)) ??
      judge(oneByOne()) ??
      planned(vector, planAll(before, actions, dialect))
    );
  }
  const { action } = vector;
  return judge(tryReduce(before, action, dialect)) ?? planned(vector, [plan(before, action, dialect)]);
};

const judged = (
  vector: VectorCase,
  outcome: Outcome | BatchOutcome,
  dialect: Dialect,
  { latestVersion }: Implementation,
): string | undefined => {
  const { after, refusal, index, effects, latest } = vector;
  if (!outcome.ok) {
    if (!refusal) return `it is refused: ${JSON.stringify(outcome.refusal)}`;
    const found = 'index' in outcome ? outcome.index : undefined;
    return differenceOf(outcome.refusal, refusal, 'refusal') ?? differenceOf(found, index, 'index');
  }
  const { state } = outcome;
  if (!after) return `it is not refused, and leads to ${JSON.stringify(state)}`;
  const difference =
    differenceOf(state, after, 'after') ??
    (latest === undefined ? undefined : differenceOf(latestVersion(state, dialect) ?? null, latest, 'latest'));
  if (difference !== undefined) return difference;
  if (!isFrozen(state)) return 'the state after is not frozen to the bottom';
  const isCopy = 'before' in vector && effects?.length === 0 && state !== vector.before;
  return isCopy ? 'nothing changed, but the state is another object' : undefined;
};

/** What the plans tell: all effects, in any order, and the same state or refusal. */
const planned = ({ after, refusal, effects = [] }: VectorCase, plans: readonly Plan[]): string | undefined => {
  const told = plans.flatMap((plan) => (plan.allowed ? [...plan.asked, ...plan.follows] : []));
  const last = plans.at(-1);
  if (!last) return differenceOf(told, effects, 'effects');
  if (!last.allowed) return differenceOf(last.refusal, refusal, 'refusal of the plan');
  return (
    differenceOf(last.state, after, 'state of the plan') ?? differenceOf(ordered(told), ordered(effects), 'effects')
  );
};

const ordered = (effects: readonly Effect[]): readonly Effect[] => {
  const key = (effect: Effect) => JSON.stringify(Object.entries(effect).sort());
  return effects.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
};

/** The first place in which two pieces of JSON differ, or undefined. The order of fields does not count. */
const differenceOf = (found: unknown, expected: unknown, path: string): string | undefined => {
  if (Object.is(found, expected)) return undefined;
  if (!isBranch(found) || !isBranch(expected) || Array.isArray(found) !== Array.isArray(expected)) {
    return `${path} is ${JSON.stringify(found)}, and should be ${JSON.stringify(expected)}`;
  }
  for (const key of new Set([...Object.keys(found), ...Object.keys(expected)])) {
    const inner = `${path}[${JSON.stringify(key)}]`;
    if (!Object.hasOwn(found, key)) return `${inner} is missing`;
    if (!Object.hasOwn(expected, key)) return `${inner} is too much`;
    const difference = differenceOf(found[key], expected[key], inner);
    if (difference !== undefined) return difference;
  }
  return undefined;
};

const isBranch = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const freeze = (value: unknown): void => {
  if (!isBranch(value)) return;
  Object.freeze(value);
  for (const key of Object.keys(value)) freeze(value[key]);
};

const isFrozen = (value: unknown): boolean =>
  !isBranch(value) || (Object.isFrozen(value) && Object.keys(value).every((key) => isFrozen(value[key])));
