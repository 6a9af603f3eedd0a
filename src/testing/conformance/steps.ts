import fc from 'fast-check';
import { builtIns, fits, isPermanent, isRough, settableStatuses } from '../../dialects/index.ts';
import {
  type Dialect,
  remainingStages,
  type SecretAction,
  type SecretState,
  type SecretStatus,
  versionOf,
  versionsByAge,
} from '../../index.ts';
import { idInSeries } from '../../series.ts';
import { has } from '../../state.ts';

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
  /** Asks again for a version that is there, with the content that it has or with other content. */
  | { readonly do: 'createAgain'; readonly nth: number; readonly isSame: boolean }
  /** Where a holder must be named, it is, unless it is left out or another is named. */
  | {
      readonly do: 'assignStage';
      readonly stage: string;
      readonly nth: number;
      readonly holder?: 'left out' | 'another';
    }
  /** Puts a stage that the secret does not have. */
  | { readonly do: 'assignNew'; readonly nth: number }
  /** On a version that there is none of: gone, or of an id that only looks like one. */
  | { readonly do: 'assignUnknown'; readonly stage: string; readonly nth: number }
  | { readonly do: 'removeStage'; readonly stage: string }
  /** Takes off one of the stages that it has and that can come off. */
  | { readonly do: 'removeOwn'; readonly nth: number }
  | { readonly do: 'pruneDeprecated'; readonly keep?: number }
  | { readonly do: 'scheduleDeletion'; readonly days?: number }
  | { readonly do: 'restore' }
  | { readonly do: 'setStatus'; readonly status: Exclude<SecretStatus, 'PENDING_DELETE'> };

/** What a driver can do under a dialect. */
export interface Means {
  readonly actions: readonly SecretAction['type'][];
  /** Whether it can be asked again for a version. */
  readonly asksAgain: boolean;
}

/** Lists of steps: mixed ones, and such as reach the limit of versions or of stages. */
export function stepsFor(dialect: Dialect, { actions, asksAgain }: Means): fc.Arbitrary<readonly Step[]> {
  const { limit: mostStages } = dialect.stages;
  const { most: mostListed } = dialect.versions.lists;
  const mostVersions = dialect.versions.limit?.most;
  const stage = stageNameFor(dialect);
  const nth = fc.nat((mostVersions ?? 100) - 1);
  const lists = mostListed > 0;
  const listsAll = mostListed >= mostStages;
  const creation = fc.record({ ...as('createVersion') });
  const assignNew = fc.record({ ...as('assignNew'), nth });
  const weighted: readonly (readonly [SecretAction['type'], number, fc.Arbitrary<Step>])[] = [
    ['createVersion', 4, creation],
    ['createVersion', lists ? 3 : 1, fc.record({ ...as('createVersion'), stages: fc.array(stage, { maxLength: 4 }) })],
    ['createVersion', lists ? 3 : 0, fc.record({ ...as('createFull'), more: fc.integer({ min: -1, max: 1 }) })],
    ['assignStage', 8, fc.record({ ...as('assignStage'), stage, nth })],
    ['createVersion', lists ? 1 : 0, fc.record({ ...as('createListing'), more: fc.integer({ min: 0, max: 1 }) })],
    ['assignStage', 2, fc.record({ ...as('assignUnknown'), stage, nth: fc.nat(9) })],
    ['removeStage', 2, fc.record({ ...as('removeStage'), stage })],
    ['removeStage', 3, fc.record({ ...as('removeOwn'), nth })],
    ['pruneDeprecated', 2, fc.record({ ...as('pruneDeprecated') })],
    ['pruneDeprecated', 1, fc.record({ ...as('pruneDeprecated'), keep: fc.nat(2) })],
    ['scheduleDeletion', 3, fc.record({ ...as('scheduleDeletion'), days: daysFor(dialect) }, { requiredKeys: ['do'] })],
    ['restore', 3, fc.record({ ...as('restore') })],
    ['setStatus', 2, fc.record({ ...as('setStatus'), status: statusFor(dialect) })],
    ['createVersion', asksAgain ? 3 : 0, fc.record({ ...as('createAgain'), nth, isSame: fc.boolean() })],
    [
      'assignStage',
      dialect.stages.move === 'from-the-named-holder' ? 2 : 0,
      fc.record({ ...as('assignStage'), stage, nth, holder: fc.constantFrom('left out' as const, 'another' as const) }),
    ],
    ['assignStage', listsAll ? 0 : 2, assignNew],
  ];
  const possible = weighted.filter(([type]) => actions.includes(type));
  const step = fc.oneof(...possible.map(([, weight, arbitrary]) => ({ weight, arbitrary })));
  const marked = fc.record({ ...as('createMarked'), count: fc.constant(1) });
  const mostlyVersions = fc.oneof(
    { weight: 8, arbitrary: creation },
    { weight: 4, arbitrary: marked },
    { weight: 1, arbitrary: step },
  );
  const mostlyStages = fc.oneof({ weight: 8, arbitrary: assignNew }, { weight: 1, arbitrary: step });
  const few = fc.array(step, { maxLength: 20, size: 'max' });
  // Where a secret may have more than anybody waits for, or its limit is an about, the limit is not reached.
  const many = (most: fc.Arbitrary<Step>, limit: number) => {
    const minLength = Math.min(limit, 120) + 4;
    return fc.array(most, { minLength, maxLength: minLength + 8, size: 'max' });
  };
  const hasLimit = mostVersions !== undefined && !isRough(dialect.versions) && actions.includes('createVersion');
  const hasOwnLimit = !listsAll && actions.includes('assignStage');
  return fc.oneof(
    { weight: 4, arbitrary: few },
    ...(hasLimit ? [{ weight: 1, arbitrary: many(mostlyVersions, mostVersions) }] : []),
    ...(hasOwnLimit ? [{ weight: 1, arbitrary: many(mostlyStages, Math.ceil(1.25 * mostStages)) }] : []),
  );
}

const as = <Do extends Step['do']>(name: Do) => ({ do: fc.constant(name) });

/** Nothing moves on a secret that is not ENABLED. */
const statusFor = (dialect: Dialect) => fc.constantFrom('ENABLED', 'ENABLED', ...settableStatuses(dialect.secret));

/** The built-in stages, some of one's own, and names that have broken other people's code, allowed or not. */
const stageNameFor = (dialect: Dialect): fc.Arbitrary<string> => {
  const { current, name: rule } = dialect.stages;
  const builtIn = [...(current === null ? [] : [current, current]), ...builtIns(dialect)];
  const own = ['canary', 'blue', 'CANARY'];
  const odd = ['constructor', '0', '-x', 'a'.repeat(64), 'SYSFOO', 'toString', '', 'no name', 'canary ', 'canary\n'];
  const odder = ['cañary', 'a.b', 'a/b', '%2F', 'a'.repeat(65), '😀'];
  const reserved = ['latest', 'Latest', 'new'];
  const allowed = ['__proto__', '__proto__', ...odd].filter((name) => fits(name, rule));
  const forbidden = [...odd, ...odder, ...reserved].filter((name) => !fits(name, rule));
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...own, ...builtIn) },
    { weight: 3, arbitrary: fc.constantFrom(...own, ...allowed) },
    { weight: 1, arbitrary: fc.constantFrom(...own, ...forbidden) },
  );
};

const daysFor = ({ secret }: Dialect): fc.Arbitrary<number> => {
  const { least, most } = secret.deletionDays ?? { least: 0, most: 0 };
  return fc.constantFrom(least, least, least, most, most, least - 1, most + 1);
};

/** A step as an action on the secret as it is now. */
export function actionOf(
  step: Step,
  state: SecretState,
  at: number,
  dialect: Dialect,
  { asksAgain }: Pick<Means, 'asksAgain'>,
): SecretAction {
  // Who is asked again must know the content that it was asked for first.
  const creation = { type: 'createVersion' as const, at, ...(asksAgain && { fingerprint: `content-${at}` }) };
  switch (step.do) {
    case 'createVersion':
      return { ...creation, ...(step.stages && { stages: step.stages }) };
    case 'createMarked':
      return { ...creation, stages: newStages(step.count, at) };
    case 'createFull':
      return { ...creation, stages: newStages(remainingStages(state, dialect) + step.more, at) };
    case 'createListing': {
      const held = state.stages.map(({ name }) => name);
      const names = [...held, ...newStages(remainingStages(state, dialect), at)];
      const length = Math.min(dialect.versions.lists.most, most) + step.more;
      return { ...creation, stages: Array.from({ length }, (_, index) => `${names[index] ?? names[0]}`) };
    }
    case 'createAgain': {
      const known = versionsByAge(state).filter(({ fingerprint }) => fingerprint !== undefined);
      const version = known[step.nth % known.length];
      if (!version) return creation;
      return { ...creation, versionId: version.id, ...(step.isSame && { fingerprint: version.fingerprint }) };
    }
    case 'assignStage': {
      const versionId = nthVersion(state, step.nth);
      const holder = versionOf(state, step.stage);
      const isHeld = holder !== undefined && holder !== versionId;
      const from = step.holder === 'another' ? versionId : holder;
      const isNamed = dialect.stages.move === 'from-the-named-holder' && isHeld && step.holder !== 'left out';
      return { type: 'assignStage', stage: step.stage, versionId, at, ...(isNamed && { from }) };
    }
    case 'assignNew':
      return { type: 'assignStage', stage: `stage-${at}`, versionId: nthVersion(state, step.nth), at };
    case 'assignUnknown': {
      const ids = unknownIds(state, dialect);
      return { type: 'assignStage', stage: step.stage, versionId: `${ids[step.nth % ids.length]}`, at };
    }
    case 'removeStage':
      return { type: 'removeStage', stage: step.stage, at };
    case 'removeOwn': {
      const own = state.stages.filter(({ name }) => !isPermanent(name, dialect.stages));
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
}

/** The version of that place; counting starts again behind the newest. Of a secret without one, an id that none has. */
const nthVersion = (state: SecretState, nth: number): string => {
  const ids = versionsByAge(state).map(({ id }) => id);
  return ids[nth % ids.length] ?? unknownVersion;
};

/** Ids that no version of the secret has: of those that are gone, and such as are easily taken for one that is there. */
const unknownIds = (state: SecretState, dialect: Dialect): readonly string[] => {
  const gone = [1, state.lastNumber].map((number) => idInSeries(number, dialect));
  const alike = Object.keys(state.versions).flatMap((id) => [id.toUpperCase(), `${id} `, id.replace(/(\d)/, '0$1')]);
  return [unknownVersion, ...gone, 'latest', ...alike].filter((id) => !has(state.versions, id));
};

/** More stages than this at once would be slow, and show no more. */
const most = 200;

const unknownStage = 'no-such-stage';
const unknownVersion = 'no-such-version';

/** Names that no call before had, for each has a time of its own. */
const newStages = (count: number, at: number): readonly string[] =>
  Array.from({ length: Math.min(Math.max(0, count), most) }, (_, index) => `stage-${at}-${index + 1}`);

/** All lists of one plain step, then of two, and then some of three: whatever shows in so few calls is told in them. */
export function shortStories(
  { secret: { deletionDays }, stages: { current: currentOrNone, pending, move } }: Dialect,
  { actions, asksAgain }: Means,
): readonly (readonly Step[])[] {
  // Where no stage is current, one of one's own is as good.
  const current = currentOrNone ?? 'blue';
  const withHolders = move === 'from-the-named-holder' ? (['left out', 'another'] as const) : [];
  const withContents = asksAgain ? [true, false] : [];
  const all: readonly (readonly [SecretAction['type'], Step])[] = [
    ['createVersion', { do: 'createVersion' }],
    ['createVersion', { do: 'createVersion', stages: [] }],
    ['createVersion', { do: 'createVersion', stages: ['canary'] }],
    ['createVersion', { do: 'createVersion', stages: ['canary', current] }],
    ['createVersion', { do: 'createVersion', stages: ['__proto__'] }],
    ['createVersion', { do: 'createVersion', stages: ['canary', ''] }],
    ['createVersion', { do: 'createFull', more: 0 }],
    ['createVersion', { do: 'createFull', more: 1 }],
    ['assignStage', { do: 'assignStage', stage: 'canary', nth: 0 }],
    ['assignStage', { do: 'assignStage', stage: current, nth: 0 }],
    ['assignStage', { do: 'assignStage', stage: current, nth: 1 }],
    ['assignStage', { do: 'assignStage', stage: '', nth: 0 }],
    ['assignStage', { do: 'assignUnknown', stage: current, nth: 0 }],
    ['removeStage', { do: 'removeStage', stage: current }],
    ['removeStage', { do: 'removeOwn', nth: 0 }],
    ['pruneDeprecated', { do: 'pruneDeprecated' }],
    ['scheduleDeletion', { do: 'scheduleDeletion', ...(deletionDays && { days: deletionDays.least }) }],
    ['restore', { do: 'restore' }],
    ...(pending === null ? [] : [pending]).flatMap((stage): readonly (readonly [SecretAction['type'], Step])[] => [
      ['createVersion', { do: 'createVersion', stages: [stage] }],
      ['assignStage', { do: 'assignStage', stage, nth: 0 }],
    ]),
    ...withHolders.map((holder) => ['assignStage', { do: 'assignStage', stage: current, nth: 1, holder }] as const),
    ...withContents.map((isSame) => ['createVersion', { do: 'createAgain', nth: 0, isSame }] as const),
  ];
  const steps = all.filter(([type]) => actions.includes(type)).map(([, step]) => step);
  const before = (others: readonly Step[], stories: readonly (readonly Step[])[]) =>
    others.flatMap((step) => stories.map((story) => [step, ...story]));
  const ones = steps.map((step) => [step]);
  const makesRoom = steps.filter((step) => step.do === 'pruneDeprecated');
  return [[], ...ones, ...before(steps, ones), ...before(steps, before(makesRoom, ones))];
}

/** A plainer step of the same kind, if there is one. */
export function plainer(step: Step): Step | undefined {
  if (step.do.startsWith('create') && Object.keys(step).length > 1) return { do: 'createVersion' };
  return 'nth' in step && step.nth > 0 ? { ...step, nth: 0 } : undefined;
}
