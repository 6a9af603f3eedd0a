import fc from 'fast-check';
import {
  type Dialect,
  remainingStages,
  type SecretAction,
  type SecretState,
  type SecretStatus,
  versionsByAge,
} from '../index.ts';
import { has } from '../state.ts';

/**
 * What to do next with a secret, whatever it has become by then: versions are meant by their place, so that a step still
 * makes sense when others before it are left out.
 */
export type Step =
  | { readonly do: 'createVersion'; readonly stages?: readonly string[] }
  /** A new version that takes so many stages that the secret does not have. */
  | { readonly do: 'createMarked'; readonly count: number }
  /** A new version that takes as many of them as there is room for, and so many more. */
  | { readonly do: 'createFull'; readonly more: number }
  /** A new version that lists as many stages as one may, and so many more: those of the secret, new ones, then one again. */
  | { readonly do: 'createListing'; readonly more: number }
  | { readonly do: 'assignStage'; readonly stage: string; readonly nth: number }
  /** On a version that there is none of: gone, or of an id that only looks like one. */
  | { readonly do: 'assignUnknown'; readonly stage: string; readonly nth: number }
  | { readonly do: 'removeStage'; readonly stage: string }
  /** Takes off one of the stages that it has and that are not built in. */
  | { readonly do: 'removeOwn'; readonly nth: number }
  | { readonly do: 'pruneDeprecated'; readonly keep?: number }
  | { readonly do: 'scheduleDeletion'; readonly days?: number }
  | { readonly do: 'restore' }
  | { readonly do: 'setStatus'; readonly status: Exclude<SecretStatus, 'PENDING_DELETE'> };

/** Lists of steps: mixed ones, and such as reach the limit of versions. Only what the actions of a driver can do. */
export const stepsFor = (dialect: Dialect, actions: readonly SecretAction['type'][]): fc.Arbitrary<readonly Step[]> => {
  const stage = stageNameFor(dialect);
  const nth = fc.nat(dialect.versionLimit - 1);
  const creation = fc.record({ do: fc.constant('createVersion' as const) });
  const weighted: readonly (readonly [SecretAction['type'], number, fc.Arbitrary<Step>])[] = [
    ['createVersion', 4, creation],
    [
      'createVersion',
      3,
      fc.record({ do: fc.constant('createVersion' as const), stages: fc.array(stage, { maxLength: 4 }) }),
    ],
    ['createVersion', 3, fc.record({ do: fc.constant('createFull' as const), more: fc.integer({ min: -1, max: 1 }) })],
    ['assignStage', 8, fc.record({ do: fc.constant('assignStage' as const), stage, nth })],
    [
      'createVersion',
      1,
      fc.record({ do: fc.constant('createListing' as const), more: fc.integer({ min: 0, max: 1 }) }),
    ],
    ['assignStage', 2, fc.record({ do: fc.constant('assignUnknown' as const), stage, nth: fc.nat(9) })],
    ['removeStage', 2, fc.record({ do: fc.constant('removeStage' as const), stage })],
    ['removeStage', 3, fc.record({ do: fc.constant('removeOwn' as const), nth })],
    ['pruneDeprecated', 2, fc.record({ do: fc.constant('pruneDeprecated' as const) })],
    ['pruneDeprecated', 1, fc.record({ do: fc.constant('pruneDeprecated' as const), keep: fc.nat(2) })],
    [
      'scheduleDeletion',
      3,
      fc.record({ do: fc.constant('scheduleDeletion' as const), days: daysFor(dialect) }, { requiredKeys: ['do'] }),
    ],
    ['restore', 3, fc.record({ do: fc.constant('restore' as const) })],
    ['setStatus', 2, fc.record({ do: fc.constant('setStatus' as const), status: fc.constantFrom(...enabledOften) })],
  ];
  const possible = weighted.filter(([type]) => actions.includes(type));
  const step = fc.oneof(...possible.map(([, weight, arbitrary]) => ({ weight, arbitrary })));
  const marked = fc.record({ do: fc.constant('createMarked' as const), count: fc.constant(1) });
  const mostlyVersions = fc.oneof(
    { weight: 8, arbitrary: creation },
    { weight: 4, arbitrary: marked },
    { weight: 1, arbitrary: step },
  );
  if (!actions.includes('createVersion')) return fc.array(step, { maxLength: 20, size: 'max' });
  // Where a secret may have more versions than anybody waits for, their limit is not reached.
  const minLength = Math.min(dialect.versionLimit, 120) + 4;
  return fc.oneof(
    { weight: 4, arbitrary: fc.array(step, { maxLength: 20, size: 'max' }) },
    { weight: 1, arbitrary: fc.array(mostlyVersions, { minLength, maxLength: minLength + 8, size: 'max' }) },
  );
};

/** Nothing moves on a secret that is not. */
const enabledOften = ['ENABLED', 'ENABLED', 'ENABLED', 'DISABLED', 'FROZEN'] as const;

/** The built-in stages, some of one's own, and names that have broken other people's code, allowed or not. */
const stageNameFor = ({ currentStage, builtInStages, stageName }: Dialect): fc.Arbitrary<string> => {
  const own = ['canary', 'blue', 'CANARY'];
  const odd = ['constructor', '0', '-x', 'a'.repeat(64), 'SYSFOO', 'toString', '', 'no name', 'canary ', 'canary\n'];
  const odder = ['cañary', 'a.b', 'a/b', '%2F', 'a'.repeat(65), '😀'];
  const allowed = ['__proto__', '__proto__', ...odd].filter((name) => stageName.test(name));
  const forbidden = [...odd, ...odder].filter((name) => !stageName.test(name));
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...own, currentStage, currentStage, ...builtInStages) },
    { weight: 3, arbitrary: fc.constantFrom(...own, ...allowed) },
    { weight: 1, arbitrary: fc.constantFrom(...own, ...forbidden) },
  );
};

const daysFor = ({ recoveryWindowInDays: { least, most } }: Dialect): fc.Arbitrary<number> =>
  fc.constantFrom(least, least, least, most, most, least - 1, most + 1);

/** A step as an action on the secret as it is now. */
export const actionOf = (step: Step, state: SecretState, at: number, dialect: Dialect): SecretAction => {
  switch (step.do) {
    case 'createVersion':
      return { type: 'createVersion', at, ...(step.stages && { stages: step.stages }) };
    case 'createMarked':
      return { type: 'createVersion', at, stages: newStages(step.count, at) };
    case 'createFull':
      return { type: 'createVersion', at, stages: newStages(remainingStages(state, dialect) + step.more, at) };
    case 'createListing': {
      const held = state.stages.map(({ name }) => name);
      const names = [...held, ...newStages(remainingStages(state, dialect), at)];
      const length = Math.min(dialect.stageListLimit, most) + step.more;
      return { type: 'createVersion', at, stages: Array.from({ length }, (_, index) => `${names[index] ?? names[0]}`) };
    }
    case 'assignStage': {
      const ids = versionsByAge(state).map(({ id }) => id);
      return { type: 'assignStage', stage: step.stage, versionId: `${ids[step.nth % ids.length]}`, at };
    }
    case 'assignUnknown': {
      const ids = unknownIds(state, dialect);
      return { type: 'assignStage', stage: step.stage, versionId: `${ids[step.nth % ids.length]}`, at };
    }
    case 'removeStage':
      return { type: 'removeStage', stage: step.stage, at };
    case 'removeOwn': {
      const own = state.stages.filter(({ name }) => !dialect.builtInStages.includes(name));
      return { type: 'removeStage', stage: own[step.nth % own.length]?.name ?? unknownStage, at };
    }
    case 'pruneDeprecated':
      return { type: 'pruneDeprecated', ...(step.keep === undefined ? {} : { keep: step.keep }) };
    case 'scheduleDeletion':
      return {
        type: 'scheduleDeletion',
        at,
        ...(step.days === undefined ? {} : { recoveryWindowInDays: step.days }),
      };
    case 'restore':
      return { type: 'restore', at };
    case 'setStatus':
      return { type: 'setStatus', status: step.status, at };
  }
};

/** Ids that no version of the secret has: of those that are gone, and such as are easily taken for one that is there. */
const unknownIds = (state: SecretState, { versionIdPrefix }: Dialect): readonly string[] => {
  const gone = [1, state.issued.lastNumber].map((number) => `${versionIdPrefix}${number}`);
  const alike = Object.keys(state.versions).flatMap((id) => [id.toUpperCase(), `${id} `, id.replace(/(\d)/, '0$1')]);
  return ['no-such-version', ...gone, 'latest', ...alike].filter((id) => !has(state.versions, id));
};

/** More stages than this at once would be slow, and show no more. */
const most = 200;

const unknownStage = 'no-such-stage';

/** Names that no call before had, for each has a time of its own. */
const newStages = (count: number, at: number): readonly string[] =>
  Array.from({ length: Math.min(Math.max(0, count), most) }, (_, index) => `stage-${at}-${index + 1}`);

/**
 * All lists of one plain step, then of two, and then some of three: whatever shows in so few calls is told in them. Only what
 * the actions of a driver can do.
 */
export const shortStories = (
  { currentStage, recoveryWindowInDays }: Dialect,
  actions: readonly SecretAction['type'][],
): readonly (readonly Step[])[] => {
  const all: readonly (readonly [SecretAction['type'], Step])[] = [
    ['createVersion', { do: 'createVersion' }],
    ['createVersion', { do: 'createVersion', stages: [] }],
    ['createVersion', { do: 'createVersion', stages: ['canary'] }],
    ['createVersion', { do: 'createVersion', stages: ['canary', currentStage] }],
    ['createVersion', { do: 'createVersion', stages: ['__proto__'] }],
    ['createVersion', { do: 'createVersion', stages: ['canary', ''] }],
    ['createVersion', { do: 'createFull', more: 0 }],
    ['createVersion', { do: 'createFull', more: 1 }],
    ['assignStage', { do: 'assignStage', stage: 'canary', nth: 0 }],
    ['assignStage', { do: 'assignStage', stage: currentStage, nth: 0 }],
    ['assignStage', { do: 'assignStage', stage: currentStage, nth: 1 }],
    ['assignStage', { do: 'assignStage', stage: '', nth: 0 }],
    ['assignStage', { do: 'assignUnknown', stage: currentStage, nth: 0 }],
    ['removeStage', { do: 'removeStage', stage: currentStage }],
    ['removeStage', { do: 'removeOwn', nth: 0 }],
    ['pruneDeprecated', { do: 'pruneDeprecated' }],
    ['scheduleDeletion', { do: 'scheduleDeletion', days: recoveryWindowInDays.least }],
    ['restore', { do: 'restore' }],
  ];
  const steps = all.filter(([type]) => actions.includes(type)).map(([, step]) => step);
  const before = (others: readonly Step[], stories: readonly (readonly Step[])[]) =>
    others.flatMap((step) => stories.map((story) => [step, ...story]));
  const ones = steps.map((step) => [step]);
  const makesRoom = steps.filter((step) => step.do === 'pruneDeprecated');
  return [[], ...ones, ...before(steps, ones), ...before(steps, before(makesRoom, ones))];
};

/** A plainer step of the same kind, if there is one. */
export const plainer = (step: Step): Step | undefined => {
  if (step.do.startsWith('create') && Object.keys(step).length > 1) return { do: 'createVersion' };
  return 'nth' in step && step.nth > 0 ? { ...step, nth: 0 } : undefined;
};
