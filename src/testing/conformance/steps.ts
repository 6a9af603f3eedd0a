import * as fc from 'fast-check';
import { builtIns, fits, isPermanent, isRough, settableStatuses } from '../../dialects/index.ts';
import {
  type Dialect,
  remainingStages,
  type SecretAction,
  type SecretState,
  versionOf,
  versionsByAge,
} from '../../index.ts';
import { idInSeries } from '../../series.ts';
import { has } from '../../state.ts';

/** The next thing to do with a secret. It does not depend on the steps before it, so that those can be omitted. */
export interface Step {
  readonly type: SecretAction['type'];
  /** The action for the state of the secret at that time. */
  readonly actionOn: (at: number, state: SecretState) => SecretAction;
  /** A simpler step of the same type, if there is one. */
  readonly simpler?: Step | undefined;
}

/** What a driver can do under a dialect. */
export interface Abilities {
  readonly actions: readonly SecretAction['type'][];
  /** Whether an existing version can be requested again. */
  readonly asksAgain: boolean;
}

/** Lists of steps: mixed ones, and some that reach the limit of versions or of stages. */
export function stepsFor(dialect: Dialect, { actions, asksAgain }: Abilities): fc.Arbitrary<readonly Step[]> {
  const { limit: mostStages } = dialect.stages;
  const namesHolder = dialect.stages.move === 'from-the-named-holder';
  const mostVersions = dialect.versions.limit?.most;
  const canList = dialect.versions.lists.most > 0;
  const canListAll = dialect.versions.lists.most >= mostStages;
  const kinds = kindsOf(dialect, asksAgain);
  const stage = stageNameFor(dialect);
  const nth = fc.nat((mostVersions ?? 100) - 1);
  const wrongHolder = fc.constantFrom(...wrongHolders);
  const creation = fc.constant(kinds.create);
  const assignNew = nth.map(kinds.assignNew);
  // Nothing moves on a secret that is not ENABLED, so ENABLED is the most likely status.
  const status = fc.constantFrom('ENABLED', 'ENABLED', ...settableStatuses(dialect.secret));
  const weighted: readonly (readonly [SecretAction['type'], weight: number, fc.Arbitrary<Step>])[] = [
    ['createVersion', 4, creation],
    ['createVersion', canList ? 3 : 1, fc.array(stage, { maxLength: 4 }).map(kinds.createListing)],
    ['createVersion', canList ? 3 : 0, fc.integer({ min: -1, max: 1 }).map(kinds.createFull)],
    ['assignStage', 8, fc.tuple(stage, nth).map((args) => kinds.assign(...args))],
    ['createVersion', canList ? 1 : 0, fc.nat(1).map(kinds.createLongest)],
    ['assignStage', 2, fc.tuple(stage, fc.nat(9)).map((args) => kinds.assignUnknown(...args))],
    ['removeStage', 2, stage.map(kinds.remove)],
    ['removeStage', 3, nth.map(kinds.removeOwn)],
    ['pruneDeprecated', 2, fc.constant(kinds.prune())],
    ['pruneDeprecated', 1, fc.nat(2).map(kinds.prune)],
    ['scheduleDeletion', 3, fc.option(daysFor(dialect), { nil: undefined }).map(kinds.scheduleDeletion)],
    ['restore', 3, fc.constant(kinds.restore)],
    ['setStatus', 2, status.map(kinds.setStatus)],
    ['createVersion', asksAgain ? 3 : 0, fc.tuple(nth, fc.boolean()).map((args) => kinds.createAgain(...args))],
    ['assignStage', namesHolder ? 2 : 0, fc.tuple(stage, nth, wrongHolder).map((args) => kinds.assign(...args))],
    ['assignStage', canListAll ? 0 : 2, assignNew],
  ];
  const possible = weighted.filter(([type]) => actions.includes(type));
  const step = fc.oneof(...possible.map(([, weight, kind]) => ({ weight, arbitrary: drawn(kind) })));
  const mostlyVersions = fc.oneof(
    { weight: 8, arbitrary: drawn(creation) },
    { weight: 4, arbitrary: drawn(fc.constant(kinds.createMarked)) },
    { weight: 1, arbitrary: step },
  );
  const mostlyStages = fc.oneof({ weight: 8, arbitrary: drawn(assignNew) }, { weight: 1, arbitrary: step });
  const few = fc.array(step, { maxLength: 20, size: 'max' });
  // Limits that are approximate or very high are not reached.
  const many = (most: fc.Arbitrary<Step>, limit: number) => {
    const minLength = Math.min(limit, 120) + 4;
    return fc.array(most, { minLength, maxLength: minLength + 8, size: 'max' });
  };
  const hasLimit = mostVersions !== undefined && !isRough(dialect.versions) && actions.includes('createVersion');
  const hasOwnLimit = !canListAll && actions.includes('assignStage');
  return fc.oneof(
    { weight: 4, arbitrary: few },
    ...(hasLimit ? [{ weight: 1, arbitrary: many(mostlyVersions, mostVersions) }] : []),
    ...(hasOwnLimit ? [{ weight: 1, arbitrary: many(mostlyStages, Math.ceil(1.25 * mostStages)) }] : []),
  );
}

/** All lists of one simple step, then of two, then some of three. They give the shortest reports. */
export function shortStories(dialect: Dialect, { actions, asksAgain }: Abilities): readonly (readonly Step[])[] {
  const { stages, secret } = dialect;
  const kinds = kindsOf(dialect, asksAgain);
  // Without a current stage, a custom one serves as well.
  const current = stages.current ?? 'blue';
  const pending = stages.pending === null ? [] : [stages.pending];
  const holders = stages.move === 'from-the-named-holder' ? wrongHolders : [];
  const steps = [
    kinds.create,
    ...[[], ['canary'], ['canary', current], ['__proto__'], ['canary', '']].map(kinds.createListing),
    ...[0, 1].map(kinds.createFull),
    kinds.assign('canary', 0),
    kinds.assign(current, 0),
    kinds.assign(current, 1),
    kinds.assign('', 0),
    kinds.assignUnknown(current, 0),
    kinds.remove(current),
    kinds.removeOwn(0),
    kinds.prune(),
    kinds.scheduleDeletion(secret.deletionDays?.least),
    kinds.restore,
    ...pending.flatMap((stage) => [kinds.createListing([stage]), kinds.assign(stage, 0)]),
    ...holders.map((holder) => kinds.assign(current, 1, holder)),
    ...(asksAgain ? [kinds.createAgain(0, true), kinds.createAgain(0, false)] : []),
  ].filter(({ type }) => actions.includes(type));
  const before = (others: readonly Step[], stories: readonly (readonly Step[])[]) =>
    others.flatMap((step) => stories.map((story) => [step, ...story]));
  const ones = steps.map((step) => [step]);
  const makesRoom = steps.filter(({ type }) => type === 'pruneDeprecated');
  return [[], ...ones, ...before(steps, ones), ...before(steps, before(makesRoom, ones))];
}

/** Draws a boolean with each step, as earlier versions did, so that the seeds of earlier reports still work. */
const drawn = (step: fc.Arbitrary<Step>): fc.Arbitrary<Step> => fc.tuple(step, fc.boolean()).map(([kept]) => kept);

/** Ways to name the wrong holder of a stage, for dialects that require the holder. */
const wrongHolders = ['omitted', 'another'] as const;

type ActionOnNth = (at: number, state: SecretState, nth: number) => SecretAction;

/** Every kind of step under a dialect. A number picks a version by age. */
const kindsOf = (dialect: Dialect, asksAgain: boolean) => {
  const namesHolder = dialect.stages.move === 'from-the-named-holder';
  const step = (type: Step['type'], actionOn: Step['actionOn'], simpler?: Step): Step => ({ type, actionOn, simpler });
  const byPlace = (type: Step['type'], nth: number, actionOn: ActionOnNth): Step => {
    const simpler = nth > 0 ? byPlace(type, 0, actionOn) : undefined;
    return step(type, (at, state) => actionOn(at, state, nth), simpler);
  };
  // A version can be requested again only if its content is known.
  const creation = (at: number) =>
    ({ type: 'createVersion', at, ...(asksAgain && { fingerprint: `content-${at}` }) }) as const;
  const create = step('createVersion', creation);
  const createWith = (more: (at: number, state: SecretState) => Partial<SecretAction<'createVersion'>>) =>
    step('createVersion', (at, state) => ({ ...creation(at), ...more(at, state) }), create);

  return {
    create,
    createListing: (stages: readonly string[]) => createWith(() => ({ stages })),
    /** Lists a stage that the secret does not have. */
    createMarked: createWith((at) => ({ stages: newStages(1, at) })),
    /** Lists as many new stages as the secret may still have, and `more` beyond that. */
    createFull: (more: number) =>
      createWith((at, state) => ({ stages: newStages(remainingStages(state, dialect) + more, at) })),
    /** Lists as many stages as may be listed, and `more` beyond that: those of the secret, new ones, then repeats. */
    createLongest: (more: number) =>
      createWith((at, state) => {
        const names = [...state.stages.map(({ name }) => name), ...newStages(remainingStages(state, dialect), at)];
        const length = Math.min(dialect.versions.lists.most, mostNew) + more;
        return { stages: Array.from({ length }, (_, index) => `${names[index] ?? names[0]}`) };
      }),
    /** Requests an existing version again, with the same or with other content. */
    createAgain: (nth: number, isSame: boolean) =>
      createWith((_, state) => {
        const known = versionsByAge(state).filter(({ fingerprint }) => fingerprint !== undefined);
        const version = known[nth % known.length];
        return version ? { versionId: version.id, ...(isSame && { fingerprint: version.fingerprint }) } : {};
      }),
    /** Names the holder of the stage if the dialect requires that. `wrongHolder` names it wrongly. */
    assign: (stage: string, nth: number, wrongHolder?: (typeof wrongHolders)[number]) =>
      byPlace('assignStage', nth, (at, state, place) => {
        const versionId = nthVersion(state, place);
        const holder = versionOf(state, stage);
        const isHeld = holder !== undefined && holder !== versionId;
        const isNamed = namesHolder && isHeld && wrongHolder !== 'omitted';
        const from = wrongHolder === 'another' ? versionId : holder;
        return { type: 'assignStage', stage, versionId, at, ...(isNamed && { from }) };
      }),
    /** Assigns a stage that the secret does not have. */
    assignNew: (nth: number) =>
      byPlace('assignStage', nth, (at, state, place) => {
        return { type: 'assignStage', stage: `stage-${at}`, versionId: nthVersion(state, place), at };
      }),
    /** Assigns a stage to a version that does not exist. Names the holder of the stage if the dialect requires that. */
    assignUnknown: (stage: string, nth: number) =>
      byPlace('assignStage', nth, (at, state, place) => {
        const ids = unknownIds(state, dialect);
        const from = namesHolder ? versionOf(state, stage) : undefined;
        return { type: 'assignStage', stage, versionId: `${ids[place % ids.length]}`, at, ...(from && { from }) };
      }),
    remove: (stage: string) => step('removeStage', (at) => ({ type: 'removeStage', stage, at })),
    /** Removes one of the secret's stages that can be removed. */
    removeOwn: (nth: number) =>
      byPlace('removeStage', nth, (at, state, place) => {
        const own = state.stages.filter(({ name }) => !isPermanent(name, dialect.stages));
        return { type: 'removeStage', stage: own[place % own.length]?.name ?? 'no-such-stage', at };
      }),
    prune: (keep?: number) =>
      step('pruneDeprecated', () => ({ type: 'pruneDeprecated', ...(keep !== undefined && { keep }) })),
    scheduleDeletion: (days?: number) => {
      const window = days !== undefined && { recoveryWindowInDays: days };
      return step('scheduleDeletion', (at) => ({ type: 'scheduleDeletion', at, ...window }));
    },
    restore: step('restore', (at) => ({ type: 'restore', at })),
    setStatus: (status: SecretAction<'setStatus'>['status']) =>
      step('setStatus', (at) => ({ type: 'setStatus', status, at })),
  };
};

/** The version at that place, from the oldest. After the newest, counting starts again. */
const nthVersion = (state: SecretState, nth: number): string => {
  const ids = versionsByAge(state).map(({ id }) => id);
  return ids[nth % ids.length] ?? unknownVersion;
};

/** Ids that no version of the secret has: ids of deleted versions, and ids similar to existing ones. */
const unknownIds = (state: SecretState, dialect: Dialect): readonly string[] => {
  const issued = [1, state.lastNumber].map((number) => idInSeries(number, dialect));
  const alike = Object.keys(state.versions).flatMap((id) => [id.toUpperCase(), `${id} `, id.replace(/(\d)/, '0$1')]);
  return [unknownVersion, ...issued, 'latest', ...alike].filter((id) => !has(state.versions, id));
};

const unknownVersion = 'no-such-version';

/** More new stages at once would be slow and find nothing more. */
const mostNew = 200;

/** Names that no earlier call used. Each call has its own time. */
const newStages = (count: number, at: number): readonly string[] =>
  Array.from({ length: Math.min(Math.max(0, count), mostNew) }, (_, index) => `stage-${at}-${index + 1}`);

/** Built-in stages, custom ones, and names that have broken code before, allowed or not. */
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
