import type { Contradiction } from '../refusal.ts';
import { fields, is, oneOf, optional, orNull, type Shape, trueOrOmitted, whole } from '../shape.ts';
import type { Dialect } from './dialect.ts';
import { expressionOf, isPattern } from './pattern.ts';
import { builtIns, counts } from './rules.ts';

/**
 * Lists what is wrong with a dialect. If a rule is unknown, missing or of the wrong type, it lists all such rules.
 * Otherwise it lists those that contradict each other. The list is empty for a valid dialect.
 *
 * It takes any data, such as a dialect from a file, and runs the patterns of the dialect on its names. A pattern can
 * take forever, so only pass patterns from a source that you trust.
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

/** The rules that are unknown, missing or of the wrong type. */
function misfitsIn(dialect: unknown): readonly Contradiction[] {
  return dialectShape()(dialect, '').map(({ path, expected }) => {
    const rule = path.replace(/\["(.*)"\]/, '.$1').slice(1) || 'dialect';
    return { rules: [rule], why: expected === 'omitted' ? 'is not a rule' : `must be ${expected}` };
  });
}

function dialectShape(): Shape {
  const name = is('a string that is not empty', (value) => typeof value === 'string' && value !== '');
  const pattern = is('a regular expression as a string of at most 1,000 characters', isPattern);
  const stage = orNull(name);
  const amount = whole(1, 1e6);
  const flag = is('true or false', (value) => typeof value === 'boolean');
  const isPause = (status: unknown) => status === 'DISABLED' || status === 'FROZEN';
  const pauses = is('a list of DISABLED and FROZEN, each at most once', (value) => {
    return Array.isArray(value) && [...value].every(isPause) && new Set(value).size === value.length;
  });
  return group({
    id: name,
    title: name,
    secret: group({
      name: pattern,
      pausedAs: pauses,
      deletionDays: orNull(group({ least: amount, usual: amount, most: amount })),
      firstVersion: oneOf('at-creation', 'may-come-later', 'may-come-later-and-is-current'),
    }),
    stages: group({
      name: pattern,
      limit: whole(1),
      limitCounts: oneOf('all', 'custom'),
      move: oneOf('free', 'from-the-named-holder'),
      current: stage,
      previous: stage,
      pending: stage,
      previousIsRemovable: flag,
      previousFollows: oneOf('plain-version', 'any-version', 'any-move'),
    }),
    versions: group({
      id: pattern,
      idPrefix: is('a string', (value) => typeof value === 'string'),
      lists: group({ least: oneOf(0, 1), most: whole(0) }),
      repeatedId: oneOf('refused', 'ignored'),
      mayAwaitValue: flag,
      limit: orNull(
        group({
          most: whole(1),
          whenFull: oneOf('refuse', 'drop-oldest-deprecated'),
          sparedHours: optional(amount),
          isRough: trueOrOmitted,
        }),
      ),
      prune: oneOf('deletes', 'keeps'),
      latest: oneOf('current', 'newest', 'current-or-newest'),
    }),
  });
}

function group(rules: Readonly<Record<string, Shape>>): Shape {
  return fields(rules, `an object with ${Object.keys(rules).join(', ')}`);
}

/** The rules that contradict each other, though each is of the right type. */
function disagreementsIn(dialect: Dialect): readonly Contradiction[] {
  const { secret, stages, versions } = dialect;
  const { current, previous, previousIsRemovable, previousFollows } = stages;
  const { least = 1, usual = 1, most = 1 } = secret.deletionDays ?? {};
  const { limit, lists } = versions;
  const isStage = (name: string) => expressionOf(stages.name).test(name);
  const named = builtIns(dialect);
  const found: Contradiction[] = [];
  const must = (holds: boolean, why: string, ...rules: readonly string[]) => {
    if (!holds) found.push({ rules, why });
  };

  must(least <= usual && usual <= most, 'must be in ascending order: least, usual, most', 'secret.deletionDays');
  must(!isStage(''), 'must not match the empty name', 'stages.name');
  for (const role of ['current', 'previous', 'pending'] as const)
    must(stages[role] === null || isStage(stages[role]), 'must match stages.name', `stages.${role}`);
  const mustDiffer = (role: 'previous' | 'pending', other: 'current' | 'previous') => {
    const isOther = stages[role] === null || stages[role] !== stages[other];
    must(isOther, `must differ from stages.${other}`, `stages.${role}`, `stages.${other}`);
  };
  mustDiffer('previous', 'current');
  mustDiffer('pending', 'current');
  mustDiffer('pending', 'previous');
  const room = `must leave room for the built-in stages ${named.join(' and ')}`;
  must(named.filter((stage) => counts(stage, stages)).length <= stages.limit, room, 'stages.limit');

  const noCurrent = 'if stages.current is null';
  const noPrevious = 'if stages.previous is null';
  const follows = previousFollows !== 'plain-version';
  const isFirstCurrent = secret.firstVersion === 'may-come-later-and-is-current';
  if (current === null) {
    must(previous === null, `must be null ${noCurrent}`, 'stages.previous', 'stages.current');
    must(
      !isFirstCurrent,
      `must be at-creation or may-come-later ${noCurrent}`,
      'secret.firstVersion',
      'stages.current',
    );
    must(versions.latest === 'newest', `must be newest ${noCurrent}`, 'versions.latest', 'stages.current');
  }
  if (previous === null) {
    must(!previousIsRemovable, `must be false ${noPrevious}`, 'stages.previousIsRemovable', 'stages.previous');
    must(!follows, `must be plain-version ${noPrevious}`, 'stages.previousFollows', 'stages.previous');
  }

  must(
    expressionOf(versions.id).test(`${versions.idPrefix}1`),
    'must match versions.id when followed by 1',
    'versions.idPrefix',
  );
  must(lists.least <= lists.most, 'must be in ascending order: least, most', 'versions.lists');
  const drops =
    limit?.whenFull !== 'refuse' || Object.keys(limit).every((part) => part === 'most' || part === 'whenFull');
  must(drops, 'must not have sparedHours or isRough if whenFull is refuse', 'versions.limit');
  return found;
}
