import { isObject } from '../json.ts';
import type { Contradiction } from '../refusal.ts';
import type { Dialect } from './dialect.ts';
import { expressionOf, isPattern } from './pattern.ts';
import { builtIns, counts } from './rules.ts';

/**
 * Lists what is wrong with a dialect: each rule that is unknown, missing or of the wrong kind. If every rule is of its kind, it
 * lists the rules that disagree. The list is empty for a sound dialect.
 *
 * It takes any data, such as a dialect from a file, and runs the patterns of the dialect on its names. Only pass patterns from a
 * source that you trust: a pattern can take forever.
 *
 * @example
 * contradictions({ ...huaweiCsms, stages: { ...huaweiCsms.stages, limit: 1 } }); // [{ rules: ['stages.limit'], why: 'must leave room for the built-in stages SYSCURRENT and SYSPREVIOUS' }]
 */
export function contradictions(dialect: unknown): readonly Contradiction[] {
  return isComplete(dialect) ? disagreementsIn(dialect) : misfitsIn(dialect);
}

function isComplete(dialect: unknown): dialect is Dialect {
  return misfitsIn(dialect).length === 0;
}

/** The rules that are unknown, missing or of the wrong kind. */
function misfitsIn(dialect: unknown): readonly Contradiction[] {
  const text = is('a text', (value) => typeof value === 'string');
  const name = is('a text of at least one character', (value) => typeof value === 'string' && value !== '');
  const pattern = is('a regular expression of at most 1000 characters, as a string', isPattern);
  const stage = orNull(name);
  const positive = whole(1);
  const span = whole(1, 1e6);
  const isPause = (status: unknown) => status === 'DISABLED' || status === 'FROZEN';
  const pauses = is('a list of DISABLED and FROZEN, each at most once', (value) => {
    return Array.isArray(value) && [...value].every(isPause) && new Set(value).size === value.length;
  });
  const check = group({
    id: name,
    title: name,
    secret: group({
      name: pattern,
      pausedAs: pauses,
      deletionDays: orNull(group({ least: span, usual: span, most: span })),
      firstVersion: oneOf('at-creation', 'may-come-later', 'may-come-later-and-is-current'),
    }),
    stages: group({
      name: pattern,
      limit: positive,
      limitCounts: oneOf('all', 'custom'),
      move: oneOf('free', 'from-the-named-holder'),
      current: stage,
      previous: stage,
      pending: stage,
      previousIsRemovable: oneOf(true, false),
      previousFollows: oneOf('plain-version', 'any-version', 'any-move'),
    }),
    versions: group({
      id: pattern,
      idPrefix: text,
      lists: group({ least: oneOf(0, 1), most: whole(0) }),
      repeatedId: oneOf('refused', 'ignored'),
      limit: orNull(
        group({
          most: positive,
          whenFull: oneOf('refuse', 'drop-oldest-deprecated'),
          sparedHours: optional(span),
          isRough: optional(oneOf(true)),
        }),
      ),
      prune: oneOf('deletes', 'keeps'),
      latest: oneOf('current', 'newest', 'current-or-newest'),
    }),
  });
  return check(dialect, '');
}

/** What is wrong with the value of the rule at a path. */
type Check = (value: unknown, path: string) => readonly Contradiction[];

function is(kind: string, isOfKind: (value: unknown) => boolean): Check {
  return (value, path) => (isOfKind(value) ? [] : [{ rules: [path], why: `must be ${kind}` }]);
}

function oneOf(...values: readonly unknown[]): Check {
  return is(`one of ${values.join(', ')}`, (value) => values.includes(value));
}

function whole(least: number, most?: number): Check {
  return is(`a whole number from ${least}${most === undefined ? '' : ` to ${most}`}`, (value) => {
    return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= (most ?? Number(value));
  });
}

function orNull(check: Check): Check {
  const orNullAt = (path: string) => (found: Contradiction) =>
    found.rules[0] === path ? { ...found, why: `${found.why}, or be null` } : found;
  return (value, path) => (value === null ? [] : check(value, path).map(orNullAt(path)));
}

function optional(check: Check): Check {
  return (value, path) => (value === undefined ? [] : check(value, path));
}

function group(checks: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (!isObject(value)) return [{ rules: [path || 'dialect'], why: `must have ${Object.keys(checks).join(', ')}` }];
    const pathTo = (rule: string) => (path === '' ? rule : `${path}.${rule}`);
    const unknown = Object.keys(value).filter((rule) => !Object.hasOwn(checks, rule));
    return [
      ...unknown.map((rule) => ({ rules: [pathTo(rule)], why: 'is not a rule' })),
      ...Object.entries(checks).flatMap(([rule, check]) =>
        check(Object.hasOwn(value, rule) ? value[rule] : undefined, pathTo(rule)),
      ),
    ];
  };
}

/** The rules that cannot hold together, though each is of its kind. */
function disagreementsIn(dialect: Dialect): readonly Contradiction[] {
  const { secret, stages, versions } = dialect;
  const { current, previous, pending, previousIsRemovable, previousFollows } = stages;
  const { least = 1, usual = 1, most = 1 } = secret.deletionDays ?? {};
  const { limit, lists } = versions;
  const isStage = (name: string) => expressionOf(stages.name).test(name);
  const named = builtIns(dialect);
  const found: Contradiction[] = [];
  const must = (holds: boolean, why: string, ...rules: readonly string[]) => {
    if (!holds) found.push({ rules, why });
  };

  must(least <= usual && usual <= most, 'must be in order: least, usual, most', 'secret.deletionDays');
  must(!isStage(''), 'must not match the empty name', 'stages.name');
  for (const role of ['current', 'previous', 'pending'] as const)
    must(stages[role] === null || isStage(stages[role]), 'must match stages.name', `stages.${role}`);
  must(previous === null || previous !== current, 'must be another stage', 'stages.previous', 'stages.current');
  for (const role of ['current', 'previous'] as const)
    must(pending === null || pending !== stages[role], 'must be another stage', 'stages.pending', `stages.${role}`);
  const room = `must leave room for the built-in stages ${named.join(' and ')}`;
  must(named.filter((stage) => counts(stage, stages)).length <= stages.limit, room, 'stages.limit');
  must(current !== null || previous === null, 'needs a current stage to follow', 'stages.previous', 'stages.current');

  const [noPrevious, noCurrent] = ['needs a previous stage', 'needs a current stage'];
  const follows = previousFollows !== 'plain-version';
  const isFirstCurrent = secret.firstVersion === 'may-come-later-and-is-current';
  must(previous !== null || !previousIsRemovable, noPrevious, 'stages.previousIsRemovable', 'stages.previous');
  must(previous !== null || !follows, noPrevious, 'stages.previousFollows', 'stages.previous');
  must(current !== null || !isFirstCurrent, noCurrent, 'secret.firstVersion', 'stages.current');
  must(current !== null || versions.latest === 'newest', noCurrent, 'versions.latest', 'stages.current');

  must(
    expressionOf(versions.id).test(`${versions.idPrefix}1`),
    'must match versions.id with 1 after it',
    'versions.idPrefix',
  );
  must(lists.least <= lists.most, 'must be in order: least, most', 'versions.lists');
  const drops =
    limit?.whenFull !== 'refuse' || Object.keys(limit).every((part) => part === 'most' || part === 'whenFull');
  must(drops, 'must have neither sparedHours nor isRough where whenFull is refuse', 'versions.limit');
  return found;
}
