import type { Contradiction } from '../refusal.ts';
import type { Dialect } from './dialect.ts';
import { fits, isPattern } from './pattern.ts';
import { builtInStages, counts } from './rules.ts';

/**
 * What is wrong with a dialect: each rule that is unknown, missing or of the wrong kind; or, if there is none of these, the
 * rules that disagree. Empty for a sound dialect. It reads any data, such as a dialect from a file.
 *
 * @example
 * contradictions({ ...huaweiCsms, stages: { ...huaweiCsms.stages, limit: 1 } }); // [{ rules: ['stages.limit'], why: 'must leave room for the built-in stages SYSCURRENT and SYSPREVIOUS' }]
 */
export function contradictions(dialect: Dialect): readonly Contradiction[] {
  const misfits = kindProblems(dialect, shape, '');
  return misfits.length > 0 ? misfits : disagreements(dialect);
}

/** Whether a value is of the kind that a rule must be, and what it must be. */
interface Kind {
  readonly must: string;
  readonly allows: (value: unknown) => boolean;
}

/** The kinds of the rules by their names, at each level. A list has all the values that there are. */
type Shape = { readonly [name: string]: Kind | readonly string[] | Shape };

const text: Kind = { must: 'must be a text', allows: (value) => typeof value === 'string' };
const name: Kind = {
  must: 'must be a text of at least one character',
  allows: (value) => text.allows(value) && value !== '',
};
const pattern: Kind = { must: 'must be a regular expression, as a string', allows: isPattern };
const flag: Kind = { must: 'must be a boolean', allows: (value) => typeof value === 'boolean' };
const stage: Kind = {
  must: 'must be the name of a stage, or null',
  allows: (value) => value === null || name.allows(value),
};
const positive: Kind = { must: 'must be a whole number from 1', allows: (value) => isWhole(value, 1) };

const shape: Shape = {
  id: name,
  title: name,
  secret: {
    name: pattern,
    pausedAs: {
      must: 'must be a list of DISABLED and FROZEN, each at most once',
      allows: (value) =>
        Array.isArray(value) &&
        new Set(value).size === value.length &&
        [...value].every((status) => status === 'DISABLED' || status === 'FROZEN'),
    },
    deletionDays: {
      must: 'must be null, or least, usual and most: whole numbers from 1, in this order',
      allows: (value) =>
        value === null ||
        (hasOnly(value, ['least', 'usual', 'most']) &&
          isWhole(value['least'], 1) &&
          isWhole(value['usual'], value['least']) &&
          isWhole(value['most'], value['usual'])),
    },
    firstVersion: ['at-creation', 'may-come-later', 'may-come-later-and-is-current'],
  },
  stages: {
    name: pattern,
    limit: positive,
    limitCounts: ['all', 'custom'],
    move: ['free', 'from-the-named-holder'],
    current: stage,
    previous: stage,
    pending: stage,
    previousIsRemovable: flag,
    previousFollows: ['plain-version', 'any-version', 'any-move'],
  },
  versions: {
    id: pattern,
    idPrefix: text,
    lists: {
      must: 'must be least, 0 or 1, and most, a whole number from least',
      allows: (value) =>
        hasOnly(value, ['least', 'most']) &&
        (value['least'] === 0 || value['least'] === 1) &&
        isWhole(value['most'], value['least']),
    },
    repeatedId: ['refused', 'ignored'],
    limit: {
      must:
        'must be null, or most, a whole number from 1, and whenFull: refuse, or drop-oldest-deprecated with an optional ' +
        'sparedHours, a whole number from 1, and an optional isRough, true',
      allows: (value) => value === null || isVersionLimit(value),
    },
    prune: ['deletes', 'keeps'],
    latest: ['current', 'newest', 'current-or-newest'],
  },
};

function isVersionLimit(value: unknown): boolean {
  if (!hasOnly(value, ['most', 'whenFull', 'sparedHours', 'isRough']) || !isWhole(value['most'], 1)) return false;
  const { whenFull, sparedHours, isRough } = value;
  if (whenFull === 'refuse') return sparedHours === undefined && isRough === undefined;
  return (
    whenFull === 'drop-oldest-deprecated' &&
    (sparedHours === undefined || isWhole(sparedHours, 1)) &&
    (isRough === undefined || isRough === true)
  );
}

/** What is of the wrong kind, unknown or missing, by its path. */
function kindProblems(value: unknown, kinds: Shape, path: string): readonly Contradiction[] {
  if (!isObject(value)) return [{ rules: [path || 'dialect'], why: 'must be an object with the rules of the group' }];
  const pathTo = (rule: string) => (path === '' ? rule : `${path}.${rule}`);
  const unknown = Object.keys(value)
    .filter((rule) => !Object.hasOwn(kinds, rule))
    .map((rule) => ({ rules: [pathTo(rule)], why: 'is not a rule' }));
  const wrong = Object.entries(kinds).flatMap(([rule, kind]): readonly Contradiction[] => {
    const found = Object.hasOwn(value, rule) ? value[rule] : undefined;
    if (isList(kind))
      return kind.some((known) => known === found)
        ? []
        : [{ rules: [pathTo(rule)], why: `must be one of ${kind.join(', ')}` }];
    if (!isKind(kind)) return kindProblems(found, kind, pathTo(rule));
    return kind.allows(found) ? [] : [{ rules: [pathTo(rule)], why: kind.must }];
  });
  return [...unknown, ...wrong];
}

/** The rules that cannot hold together, though each is of its kind. */
function disagreements(dialect: Dialect): readonly Contradiction[] {
  const { secret, stages, versions } = dialect;
  const { current, previous, previousIsRemovable, previousFollows } = stages;
  const builtIns = builtInStages(dialect);
  const counted = builtIns.filter((stage) => counts(stage, stages));
  const found: Contradiction[] = [];
  const must = (holds: boolean, why: string, ...rules: readonly string[]) => {
    if (!holds) found.push({ rules, why });
  };

  must(!fits('', stages.name), 'must not match the empty name', 'stages.name');
  for (const role of ['current', 'previous', 'pending'] as const)
    must(stages[role] === null || fits(stages[role], stages.name), 'must match stages.name', `stages.${role}`);
  const roles = ['stages.current', 'stages.previous', 'stages.pending'];
  must(new Set(builtIns).size === builtIns.length, 'must be a stage of its own', ...roles);
  const room = `must leave room for the built-in stages ${builtIns.join(' and ')}`;
  must(counted.length <= stages.limit, room, 'stages.limit');
  must(current !== null || previous === null, 'needs a current stage to follow', 'stages.previous', 'stages.current');

  const [noPrevious, noCurrent] = ['needs a previous stage', 'needs a current stage'];
  const follows = previousFollows !== 'plain-version';
  const isFirstCurrent = secret.firstVersion === 'may-come-later-and-is-current';
  must(previous !== null || !previousIsRemovable, noPrevious, 'stages.previousIsRemovable', 'stages.previous');
  must(previous !== null || !follows, noPrevious, 'stages.previousFollows', 'stages.previous');
  must(current !== null || !isFirstCurrent, noCurrent, 'secret.firstVersion', 'stages.current');
  must(current !== null || versions.latest === 'newest', noCurrent, 'versions.latest', 'stages.current');
  must(fits(`${versions.idPrefix}1`, versions.id), 'must match versions.id with 1 after it', 'versions.idPrefix');
  return found;
}

function isList(kind: Shape[string]): kind is readonly string[] {
  return Array.isArray(kind);
}

function isKind(kind: Kind | Shape): kind is Kind {
  return typeof kind['allows'] === 'function';
}

function isWhole(value: unknown, least: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= Number(least);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(value: unknown, names: readonly string[]): value is Readonly<Record<string, unknown>> {
  return isObject(value) && Object.keys(value).every((name) => names.includes(name));
}
