import { type Contradiction, StageRefusedError } from './refusal.ts';
import type { Stage } from './state.ts';

/**
 * What a cloud allows, as data. Every operation takes one, and CSMS is the default. One rule changes by one field:
 * `{ ...huaweiCsms, previousFollowsMove: true }`. A switch that is left out is off.
 */
export interface Dialect extends StageRules {
  readonly name: string;
  /** Stages that can move but cannot be removed. */
  readonly builtInStages: readonly string[];
  readonly secretName: RegExp;
  readonly versionId: RegExp;
  /** Version ids are numbered from 1, after this. */
  readonly versionIdPrefix: string;
  /** The most stages that one new version may list. */
  readonly stageListLimit: number;
  readonly versionLimit: number;
  /** Days from scheduling a deletion to the deletion: at least, at most, and unless told otherwise. */
  readonly recoveryWindowInDays: { readonly least: number; readonly most: number; readonly usual: number };

  /** A new version that lists the current stage puts the previous one where it was. */
  readonly previousFollowsListedCurrent?: boolean;
  /** At the version limit no deprecated version makes room. */
  readonly versionLimitIsHard?: boolean;
  /** Deprecated versions go from an ENABLED secret only. */
  readonly pruningNeedsEnabled?: boolean;
  /** Only the deletion of an ENABLED secret can be scheduled. */
  readonly deletionNeedsEnabled?: boolean;
}

/** The rules about stages alone: all that `assignStage` reads. */
export interface StageRules {
  /** The built-in stage that a new version takes. */
  readonly currentStage: string;
  /** The built-in stage that goes to the version which a new one took the current stage from. */
  readonly previousStage: string;
  readonly stageLimit: number;
  readonly stageName: RegExp;

  /** Stages that do not count towards the limit. */
  readonly freeStages?: readonly string[];
  /** Moving the current stage puts the previous one where it was. */
  readonly previousFollowsMove?: boolean;
  /** No stage can be put on a deprecated version. */
  readonly deprecatedIsFinal?: boolean;
  /** Putting a stage where it is changes nothing, not even its time. */
  readonly repeatKeepsTime?: boolean;
  /** Stages can move on a secret of any status. */
  readonly stagesNeverRest?: boolean;
}

/** The name of a rule that a dialect has as a field. */
export type RuleName = Exclude<keyof Dialect, 'name'>;

/** How a rule is known: documented by the cloud, seen in an official example, SDK or provider, or assumed. */
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
export const fits = (value: unknown, rule: RegExp): boolean => typeof value === 'string' && rule.test(value);

/** How many more stages there may be: below 0 there are too many. */
export const stagesLeft = (stages: readonly Pick<Stage, 'name'>[], dialect: StageRules): number =>
  dialect.stageLimit - stages.filter((stage) => !dialect.freeStages?.includes(stage.name)).length;

/**
 * The rules of a dialect as a table. A rule that was changed on the way is an assumption of whoever changed it, and its
 * row says so.
 *
 * @example
 * rules(huaweiCsms).find(({ rule }) => rule === 'stageLimit')?.grade; // 'documented'
 * rules({ ...huaweiCsms, stageLimit: 5 }).find(({ rule }) => rule === 'stageLimit')?.grade; // 'assumed'
 */
export const rules = (dialect: SourcedDialect): readonly Rule[] => {
  const { of, evidence, model } = dialect.sources;
  const fields = evidence.map(([rule, grade, source]): Rule => {
    const value = dialect[rule] ?? false;
    const changed = { value: of[rule] ?? false, grade, source };
    return show(value) === show(changed.value)
      ? { rule, ...changed }
      : { rule, value, grade: 'assumed', source: 'changed by whoever made this dialect', changed };
  });
  return [...model.map(([rule, grade, source]) => ({ rule, value: true, grade, source }) as const), ...fields];
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
  const news = new Map(evidence.map(([rule]) => [rule, dialect[rule]]));
  const rows = [...known.filter(([rule]) => !news.has(rule)), ...evidence];
  return withSources(dialect, rows, model, { ...of, ...Object.fromEntries(news) });
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
    recoveryWindowInDays: Object.freeze({ ...dialect.recoveryWindowInDays }),
    ...(dialect.freeStages && { freeStages: Object.freeze([...dialect.freeStages]) }),
  });

const frozenRows = <Name extends string>(rows: readonly Evidence<Name>[]): readonly Evidence<Name>[] =>
  Object.freeze(rows.map(([rule, grade, source]) => Object.freeze([rule, grade, source] as const)));

/** The rules of a dialect that cannot hold together; none in a sound one. */
export const contradictions = (dialect: Dialect): readonly Contradiction[] => {
  const { builtInStages, stageLimit, stageName, versionId, versionIdPrefix, recoveryWindowInDays: days } = dialect;
  const found: Contradiction[] = [];
  const check = (holds: boolean, why: string, ...rules: RuleName[]) => {
    if (!holds) found.push({ rules, why });
  };

  for (const limit of ['stageLimit', 'stageListLimit', 'versionLimit'] as const) {
    check(Number.isSafeInteger(dialect[limit]) && dialect[limit] > 0, 'a limit is a whole number from 1', limit);
  }
  for (const name of ['secretName', 'stageName', 'versionId'] as const) {
    check(!dialect[name].global && !dialect[name].sticky, 'a global or sticky pattern remembers its last match', name);
  }
  for (const stage of ['currentStage', 'previousStage'] as const) {
    check(builtInStages.includes(dialect[stage]), 'it is not built in', stage, 'builtInStages');
  }
  check(dialect.currentStage !== dialect.previousStage, 'they are the same', 'currentStage', 'previousStage');
  check(
    builtInStages.every((stage) => stageName.test(stage)),
    'a built-in name is not allowed',
    'builtInStages',
    'stageName',
  );
  check(
    builtInStages.filter((stage) => !dialect.freeStages?.includes(stage)).length <= stageLimit,
    'the built-in stages alone are too many',
    'builtInStages',
    'stageLimit',
  );
  check(versionId.test(`${versionIdPrefix}1`), 'the first id is not allowed', 'versionIdPrefix', 'versionId');
  check(
    Object.values(days).every(Number.isInteger) &&
      0 < days.least &&
      days.least <= days.usual &&
      days.usual <= days.most,
    'the days are not whole or not in order',
    'recoveryWindowInDays',
  );
  return found;
};
