import { type Contradiction, StageRefusedError } from './refusal.ts';
import { type SecretStatus, type Stage, statuses } from './state.ts';

/**
 * What a cloud allows, as data. Every operation takes one, and CSMS is the default. One rule changes by one field:
 * `{ ...huaweiCsms, previousFollowsMove: true }`. A switch that is left out is off.
 */
export interface Dialect extends StageRules {
  readonly name: string;
  /** The stages of the cloud's own. They can move but cannot be removed, unless they are removable. */
  readonly builtInStages: readonly string[];
  readonly secretName: RegExp;
  readonly versionId: RegExp;
  /** Version ids are numbered from 1, after this, where nobody chooses one. */
  readonly versionIdPrefix: string;
  /** The most stages that one new version may list. */
  readonly stageListLimit: number;
  /** Null is no limit. */
  readonly versionLimit: number | null;
  readonly statuses: readonly SecretStatus[];
  /** Days from scheduling a deletion to the deletion: at least, at most, and unless told otherwise. Null: none is scheduled. */
  readonly recoveryWindowInDays: RecoveryWindow | null;

  /** Built-in stages that can be removed, too. */
  readonly removableStages?: readonly string[];
  /** Stages that come off, wherever they are, as a version is created without a list. */
  readonly clearedStages?: readonly string[];
  /** A secret can be created without a version. */
  readonly versionsComeLater?: boolean;
  /** The first version of a secret takes the current stage, whatever it lists. */
  readonly firstVersionIsCurrent?: boolean;
  /** A new version cannot list no stage at all. */
  readonly emptyListIsRefused?: boolean;
  /** A version id with the fingerprint that it was issued with asks for nothing new, and changes nothing. */
  readonly repeatedIdChangesNothing?: boolean;
  /** A new version that lists the current stage puts the previous one where it was. */
  readonly previousFollowsListedCurrent?: boolean;
  /** The version limit is an about: a secret may be seen with more, and then has as many after a new one. */
  readonly versionLimitIsRough?: boolean;
  /** At the version limit no deprecated version makes room. */
  readonly versionLimitIsHard?: boolean;
  /** No deprecated version goes but to make room at the version limit. */
  readonly deprecatedStay?: boolean;
  /** No deprecated version makes room within so many hours of its creation. */
  readonly deprecatedStayInHours?: number;
  /** Deprecated versions go from an ENABLED secret only. */
  readonly pruningNeedsEnabled?: boolean;
  /** Only the deletion of an ENABLED secret can be scheduled. */
  readonly deletionNeedsEnabled?: boolean;
}

/** The rules about stages alone: all that `assignStage` reads. */
export interface StageRules {
  /** The built-in stage that a new version takes. Null: it takes none. */
  readonly currentStage: string | null;
  /** The built-in stage that goes to the version which a new one took the current stage from. Null: none does. */
  readonly previousStage: string | null;
  readonly stageLimit: number;
  readonly stageName: RegExp;

  /** Stages that do not count towards the limit. */
  readonly freeStages?: readonly string[];
  /** A stage that is on another version moves only if the caller names that version. */
  readonly movesNeedHolder?: boolean;
  /** Moving the current stage puts the previous one where it was. */
  readonly previousFollowsMove?: boolean;
  /** No stage can be put on a deprecated version. */
  readonly deprecatedIsFinal?: boolean;
  /** Putting a stage where it is changes nothing, not even its time. */
  readonly repeatKeepsTime?: boolean;
  /** Stages can move on a secret of any status. */
  readonly stagesNeverRest?: boolean;
  /** A reader of the latest version gets none, where none is current. */
  readonly latestIsCurrent?: boolean;
}

/** Days from scheduling a deletion to the deletion. */
export interface RecoveryWindow {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
}

/** The name of a rule that a dialect has as a field. */
export type RuleName = Exclude<keyof Dialect, 'name'>;

/**
 * How a rule is known: documented by the cloud; seen in an example, an SDK, a provider or answers that others recorded; or
 * assumed.
 */
export type Grade = 'documented' | 'example' | 'assumed';

/** How a rule is known. The source is the cloud's own page, or what an assumption rests on. */
export type Evidence<Name extends string = RuleName> = readonly [rule: Name, grade: Grade, source: string];

/** A dialect that can say where its rules come from. */
export interface SourcedDialect extends Dialect {
  readonly sources: {
    /** The dialect that the evidence speaks of. */
    readonly of: Dialect;
    readonly evidence: readonly Evidence[];
    /** The rules that are no fields, for the model does not work without them. */
    readonly model: readonly Evidence<string>[];
  };
}

/** A rule of a dialect, its value, and how it is known. `changed` is the rule as the cloud has it. */
export interface Rule {
  readonly rule: string;
  readonly value: Dialect[RuleName] | true;
  readonly grade: Grade;
  readonly source: string;
  readonly changed?: Omit<Rule, 'rule'>;
}

/** Whether a value is a name that the rule allows. */
export const fits = (value: unknown, rule: RegExp): value is string => typeof value === 'string' && rule.test(value);

/** Whether a stage can be removed, and not only moved. */
export const isRemovable = (stage: string, { builtInStages, removableStages }: Dialect): boolean =>
  !builtInStages.includes(stage) || (removableStages?.includes(stage) ?? false);

/** How many more stages there may be: below 0 there are too many. */
export const stagesLeft = (stages: readonly Pick<Stage, 'name'>[], dialect: StageRules): number =>
  dialect.stageLimit - stages.filter((stage) => !dialect.freeStages?.includes(stage.name)).length;

/**
 * The rules of a dialect as a table. A rule that was changed on the way, or that nobody gave a source, is an assumption of
 * whoever made the dialect, and its row says so.
 *
 * @example
 * rules(huaweiCsms).find(({ rule }) => rule === 'stageLimit')?.grade; // 'documented'
 * rules({ ...huaweiCsms, stageLimit: 5 }).find(({ rule }) => rule === 'stageLimit')?.grade; // 'assumed'
 */
export const rules = (dialect: SourcedDialect): readonly Rule[] => {
  const { of, evidence, model } = dialect.sources;
  const fields = evidence.map(([rule, grade, source]): Rule => {
    const value = ruleOf(dialect, rule);
    const changed = { value: ruleOf(of, rule), grade, source };
    return show(value) === show(changed.value)
      ? { rule, ...changed }
      : { rule, value, grade: 'assumed', source: 'changed by whoever made this dialect', changed };
  });
  const told = evidence.map(([rule]) => rule);
  const untold = ruleNames.filter((rule) => dialect[rule] !== undefined && !told.includes(rule));
  return [
    ...model.map(([rule, grade, source]) => ({ rule, value: true, grade, source }) as const),
    ...fields,
    ...untold.map((rule) => ({ rule, value: ruleOf(dialect, rule), grade: 'assumed', source: nobody }) as const),
  ];
};

const nobody = 'whoever made this dialect gave no source';

/** What is left out is off. */
const ruleOf = (dialect: Dialect, rule: RuleName): Rule['value'] => {
  const value = dialect[rule];
  return value === undefined ? false : value;
};

const show = (value: Rule['value']) => `${value} ${JSON.stringify(value)}`;

/**
 * Makes a dialect of one's own, and refuses one that contradicts itself with DIALECT_CONTRADICTION, which names the rules
 * that disagree. {@link contradictions} asks the same without throwing. What the dialect that it comes from knows of its
 * sources is kept; `evidence` is for the rules that are new.
 *
 * @example
 * const vault = defineDialect({ ...huaweiCsms, name: 'our vault', stageLimit: 5 });
 * remainingStages(createSecret({ name: 'db', at: 0 }, vault), vault); // 4
 */
export const defineDialect = (
  dialect: Dialect | SourcedDialect,
  evidence: readonly Evidence[] = [],
): SourcedDialect => {
  const found = contradictions(dialect);
  if (found.length > 0) {
    throw new StageRefusedError({ code: 'DIALECT_CONTRADICTION', dialect: dialect.name, contradictions: found });
  }
  const {
    of,
    evidence: known,
    model,
  } = 'sources' in dialect ? dialect.sources : { of: dialect, evidence: [], model: [] };
  const news = new Map(evidence.map((row) => [row[0], row]));
  const rows = [...known.filter(([rule]) => !news.has(rule)), ...news.values()];
  const ofNow = { ...of, ...Object.fromEntries([...news.keys()].map((rule) => [rule, dialect[rule]])) };
  return withSources(dialect, rows, model, ofNow);
};

/** The dialect, frozen to the bottom, with what its rules rest on. */
export const withSources = (
  dialect: Dialect,
  evidence: readonly Evidence[],
  model: readonly Evidence<string>[],
  of: Dialect = dialect,
): SourcedDialect => {
  const sources = { of: frozenRules(of), evidence: frozenRows(evidence), model: frozenRows(model) };
  return Object.freeze({ ...frozenRules(dialect), sources: Object.freeze(sources) });
};

const frozenRules = (dialect: Dialect): Dialect =>
  Object.freeze({
    ...dialect,
    builtInStages: Object.freeze([...dialect.builtInStages]),
    statuses: Object.freeze([...dialect.statuses]),
    recoveryWindowInDays: dialect.recoveryWindowInDays && Object.freeze({ ...dialect.recoveryWindowInDays }),
    ...(dialect.freeStages && { freeStages: Object.freeze([...dialect.freeStages]) }),
    ...(dialect.removableStages && { removableStages: Object.freeze([...dialect.removableStages]) }),
    ...(dialect.clearedStages && { clearedStages: Object.freeze([...dialect.clearedStages]) }),
  });

const frozenRows = <Name extends string>(rows: readonly Evidence<Name>[]): readonly Evidence<Name>[] =>
  Object.freeze(rows.map(([rule, grade, source]) => Object.freeze([rule, grade, source] as const)));

/**
 * The rules of a dialect that cannot hold together, and each that is none: misspelt, of another kind than such a rule, left
 * out. None in a sound dialect.
 *
 * @example
 * contradictions({ ...huaweiCsms, stageLimit: 1 }); // [{ rules: ['builtInStages', 'stageLimit'], why: 'the built-in stages alone are too many' }]
 */
export const contradictions = (dialect: Dialect): readonly Contradiction[] => {
  const found: Contradiction[] = [];
  const check = (holds: boolean | undefined, why: string, ...rules: RuleName[]) => {
    if (!holds) found.push({ rules, why });
  };

  const known: readonly string[] = ['name', 'sources', ...ruleNames];
  for (const rule of Object.keys(dialect).filter((field) => !known.includes(field))) {
    found.push({ rules: [rule], why: 'there is no such rule' });
  }
  if (typeof dialect.name !== 'string' || dialect.name === '') found.push({ rules: ['name'], why: 'it is no name' });
  for (const { rules, why, allows } of kinds) {
    for (const rule of rules) check(allows(Object.hasOwn(dialect, rule) ? dialect[rule] : undefined), why, rule);
  }
  // Rules can be compared only if each is of its kind.
  if (found.length > 0) return found;

  const { builtInStages, currentStage, previousStage, removableStages = [], clearedStages = [], stageName } = dialect;
  for (const stage of ['currentStage', 'previousStage'] as const) {
    check(isNoneOr(dialect[stage], builtInStages), 'it is not built in', stage, 'builtInStages');
  }
  check(
    removableStages.every((stage) => builtInStages.includes(stage)),
    'it is not built in',
    'removableStages',
    'builtInStages',
  );
  for (const taken of ['currentStage', 'previousStage'] as const) {
    check(
      clearedStages.every((stage) => stage !== dialect[taken]),
      'a new version puts it on and takes it off',
      'clearedStages',
      taken,
    );
  }
  check(currentStage !== previousStage || currentStage === null, 'they are the same', 'currentStage', 'previousStage');
  check(
    currentStage !== null || previousStage === null,
    'no stage is current that it could follow',
    'currentStage',
    'previousStage',
  );
  for (const follows of ['previousFollowsMove', 'previousFollowsListedCurrent'] as const) {
    check(!dialect[follows] || previousStage !== null, 'no stage is previous', follows, 'previousStage');
  }
  for (const needs of ['firstVersionIsCurrent', 'latestIsCurrent'] as const) {
    check(!dialect[needs] || currentStage !== null, 'no stage is current', needs, 'currentStage');
  }
  check(
    !dialect.emptyListIsRefused || dialect.stageListLimit > 0,
    'no list is left',
    'emptyListIsRefused',
    'stageListLimit',
  );
  check(!stageName.test(''), 'a stage has a name', 'stageName');
  const isAllowed = (name: string) => stageName.test(name);
  check(builtInStages.every(isAllowed), 'a built-in name is not allowed', 'builtInStages', 'stageName');
  check(clearedStages.every(isAllowed), 'such a name is not allowed', 'clearedStages', 'stageName');
  check(dialect.freeStages?.every(isAllowed) ?? true, 'such a name is not allowed', 'freeStages', 'stageName');
  check(new Set(builtInStages).size === builtInStages.length, 'a name is there twice', 'builtInStages');
  check(
    dialect.stageLimit >= builtInStages.filter((stage) => !dialect.freeStages?.includes(stage)).length,
    'the built-in stages alone are too many',
    'builtInStages',
    'stageLimit',
  );
  check(
    dialect.versionId.test(`${dialect.versionIdPrefix}1`),
    'the first id is not allowed',
    'versionIdPrefix',
    'versionId',
  );
  check(
    dialect.statuses.includes('PENDING_DELETE') === (dialect.recoveryWindowInDays !== null),
    'a secret waits for its deletion exactly if there is a window',
    'statuses',
    'recoveryWindowInDays',
  );
  for (const atLimit of ['versionLimitIsHard', 'versionLimitIsRough', 'deprecatedStayInHours'] as const) {
    check(!dialect[atLimit] || dialect.versionLimit !== null, 'there is no limit', atLimit, 'versionLimit');
  }
  for (const makesRoom of ['deprecatedStay', 'deprecatedStayInHours'] as const) {
    check(
      !dialect.versionLimitIsHard || !dialect[makesRoom],
      'no version would ever go',
      'versionLimitIsHard',
      makesRoom,
    );
  }
  check(
    !dialect.versionLimitIsHard || !dialect.versionLimitIsRough,
    'it cannot be both',
    'versionLimitIsHard',
    'versionLimitIsRough',
  );
  check(
    !dialect.pruningNeedsEnabled || !dialect.deprecatedStay,
    'nothing is pruned',
    'pruningNeedsEnabled',
    'deprecatedStay',
  );
  return found;
};

const isNoneOr = (stage: string | null, stages: readonly string[]) => stage === null || stages.includes(stage);

const isWhole = (value: unknown, least: unknown): boolean =>
  Number.isSafeInteger(value) && Number(value) >= Number(least);

// The copy has undefined where the list has a hole.
const isNames = (value: unknown): boolean =>
  Array.isArray(value) && [...value].every((name) => typeof name === 'string');

const isWindow = ({ least, most, usual }: Readonly<Record<string, unknown>> = {}): boolean =>
  isWhole(least, 1) && isWhole(usual, least) && isWhole(most, usual);

/** What each rule must be, taken by itself. */
const kinds: readonly {
  readonly rules: readonly RuleName[];
  readonly why: string;
  readonly allows: (value: unknown) => boolean;
}[] = [
  {
    rules: ['stageLimit'],
    why: 'a limit is a whole number from 1',
    allows: (value) => isWhole(value, 1),
  },
  {
    rules: ['versionLimit'],
    why: 'a limit is a whole number from 1, or null for none',
    allows: (value) => value === null || isWhole(value, 1),
  },
  {
    rules: ['stageListLimit'],
    why: 'it is not a whole number from 0',
    allows: (value) => isWhole(value, 0),
  },
  {
    rules: ['deprecatedStayInHours'],
    why: 'it is not a whole number from 1',
    allows: (value) => value === undefined || isWhole(value, 1),
  },
  {
    rules: ['secretName', 'stageName', 'versionId'],
    why: 'it is no pattern, or a global or sticky one, which remembers its last match',
    allows: (value) => value instanceof RegExp && !value.global && !value.sticky,
  },
  {
    rules: ['versionIdPrefix'],
    why: 'it is no text',
    allows: (value) => typeof value === 'string',
  },
  {
    rules: ['currentStage', 'previousStage'],
    why: 'it is neither a name nor null',
    allows: (value) => value === null || typeof value === 'string',
  },
  {
    rules: ['builtInStages'],
    why: 'it is no list of names',
    allows: isNames,
  },
  {
    rules: ['removableStages', 'clearedStages', 'freeStages'],
    why: 'it is no list of names',
    allows: (value) => value === undefined || isNames(value),
  },
  {
    rules: ['statuses'],
    why: 'it is no list of statuses with ENABLED among them',
    allows: (value) =>
      Array.isArray(value) && value.includes('ENABLED') && value.every((status) => statuses.includes(status)),
  },
  {
    rules: ['recoveryWindowInDays'],
    why: 'the days are not whole or not in order',
    allows: (value) => value === null || isWindow(Object(value)),
  },
  {
    rules: [
      'versionsComeLater',
      'firstVersionIsCurrent',
      'emptyListIsRefused',
      'repeatedIdChangesNothing',
      'movesNeedHolder',
      'previousFollowsMove',
      'previousFollowsListedCurrent',
      'deprecatedIsFinal',
      'deprecatedStay',
      'repeatKeepsTime',
      'stagesNeverRest',
      'latestIsCurrent',
      'versionLimitIsRough',
      'versionLimitIsHard',
      'pruningNeedsEnabled',
      'deletionNeedsEnabled',
    ],
    why: 'it is neither on nor off',
    allows: (value) => value === undefined || typeof value === 'boolean',
  },
];

const ruleNames: readonly RuleName[] = /* @__PURE__ */ kinds.flatMap(({ rules }) => rules);
