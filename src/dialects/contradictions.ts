import type { Contradiction } from '../refusal.ts';
import { fields, is, oneOf, optional, orNull, type Shape, whole } from '../shape.ts';
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
  return dialectShape()(dialect, '').map(({ path, expected }) => {
    const rule = path.replace(/\["(.*)"\]/, '.$1').slice(1) || 'dialect';
    const why = `must ${expected.startsWith('have ') ? expected : `be ${expected}`}`;
    return { rules: [rule], why: expected === 'omitted' ? 'is not a rule' : why };
  });
}

function dialectShape(): Shape {
  const name = is('a text of at least one character', (value) => typeof value === 'string' && value !== '');
  const pattern = is('a regular expression of at most 1000 characters, as a string', isPattern);
  const stage = orNull(name);
  const amount = whole(1, 1e6);
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
      previousIsRemovable: oneOf(true, false),
      previousFollows: oneOf('plain-version', 'any-version', 'any-move'),
    }),
    versions: group({
      id: pattern,
      idPrefix: is('a text', (value) => typeof value === 'string'),
      lists: group({ least: oneOf(0, 1), most: whole(0) }),
      repeatedId: oneOf('refused', 'ignored'),
      limit: orNull(
        group({
          most: whole(1),
          whenFull: oneOf('refuse', 'drop-oldest-deprecated'),
          sparedHours: optional(amount),
          isRough: optional(oneOf(true)),
        }),
      ),
      prune: oneOf('deletes', 'keeps'),
      latest: oneOf('current', 'newest', 'current-or-newest'),
    }),
  });
}

function group(rules: Readonly<Record<string, Shape>>): Shape {
  return fields(rules, `have ${Object.keys(rules).join(', ')}`);
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
