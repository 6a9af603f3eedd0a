import type { SecretState } from '../../index.ts';
import type { Event } from '../../transcript/index.ts';
import type { Played } from '../draw/draw-event.ts';

/** What happened to a secret: a call, or the end of its recovery window, which needs no call and so has no line. */
export interface Step extends Pick<Played, 'at' | 'project' | 'secret'> {
  readonly line: number | undefined;
  readonly operation: string;
  readonly outcome: 'done' | 'refused' | 'unmoved' | 'due';
  /** What came of it. */
  readonly sentences: readonly string[];
}

/** From one step until another one. `to` is the number of steps where it goes on to the end of the figure. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Lane extends Stretch {
  readonly versionId: string;
  /** What became of the version in the end. */
  readonly end: 'there' | 'pruned' | 'deleted';
  /** When a stage was on it, and which. */
  readonly tenures: readonly Tenure[];
  /** When no stage marked it. */
  readonly deprecated: readonly Stretch[];
}

export interface Tenure extends Stretch {
  readonly stage: string;
}

export interface Pause extends Stretch {
  readonly status: string;
}

type Effects = Extract<Event, { outcome: 'done' }>['effects'];

/** What happened to one secret so far. It is kept up by the effects of each step, because whole states would be compared again and again. */
export interface Life {
  readonly project: string;
  readonly secret: string;
  readonly steps: Step[];
  /** In the order in which they appeared. */
  readonly stages: Set<string>;
  readonly lanes: Growing<Lane>[];
  readonly pauses: Growing<Pause>[];
  /** Whether it ever existed. */
  isBorn: boolean;
  /** When its deletion falls due. */
  due: number | null;
  /** The lanes of the versions that exist, by their ids. */
  readonly open: Map<string, OpenLane>;
  /** The tenure of each stage that is on a version. */
  readonly held: Map<string, Growing<Tenure>>;
}

/** What goes on has no end yet. */
type Growing<Part> = { -readonly [Field in keyof Part]: Part[Field] };

type OpenLane = Growing<Lane> & { readonly tenures: Growing<Tenure>[]; readonly deprecated: Growing<Stretch>[] };

/** What goes on to the end of a figure. */
const goesOn = Number.POSITIVE_INFINITY;

export function newLife(project: string, secret: string): Life {
  const begun = { isBorn: false, due: null, open: new Map(), held: new Map() };
  return { project, secret, steps: [], stages: new Set(), lanes: [], pauses: [], ...begun };
}

/** Adds a step, and what it changed. Without a state the secret does not exist afterwards. */
export function live(life: Life, step: Step, state: SecretState | undefined, effects: Effects): Step {
  const at = life.steps.length;
  life.steps.push(step);
  life.isBorn ||= state !== undefined;
  life.due = state?.scheduledDeleteTime ?? null;
  if (state === undefined) endAll(life, at);
  else for (const effect of effects) change(life, effect, at);
  return step;
}

const change = (life: Life, effect: Effects[number], at: number): void => {
  if (effect.type === 'versionCreated') begin(life, effect.versionId, at);
  if (effect.type === 'versionPruned') end(life, effect.versionId, at, 'pruned');
  if (effect.type === 'versionDeprecated') life.open.get(effect.versionId)?.deprecated.push({ from: at, to: goesOn });
  if (effect.type === 'versionRevived') endLast(life.open.get(effect.versionId)?.deprecated, at);
  if (effect.type === 'stageRemoved' || effect.type === 'stageMoved') take(life, effect.stage, at);
  if (effect.type === 'stageAdded' || effect.type === 'stageMoved') put(life, effect.stage, effect.to, at);
  if (effect.type === 'statusChanged') {
    endLast(life.pauses, at);
    if (effect.to !== 'ENABLED') life.pauses.push({ from: at, to: goesOn, status: effect.to });
  }
};

const begin = ({ lanes, open }: Life, versionId: string, at: number): void => {
  const lane: OpenLane = { versionId, from: at, to: goesOn, end: 'there', tenures: [], deprecated: [] };
  lanes.push(lane);
  open.set(versionId, lane);
};

const put = ({ stages, open, held }: Life, stage: string, versionId: string, at: number): void => {
  const tenure = { stage, from: at, to: goesOn };
  stages.add(stage);
  open.get(versionId)?.tenures.push(tenure);
  held.set(stage, tenure);
};

const take = ({ held }: Life, stage: string, at: number): void => {
  finish(held.get(stage), { to: at });
  held.delete(stage);
};

const end = ({ open }: Life, versionId: string, at: number, why: Lane['end']): void => {
  const lane = open.get(versionId);
  finish(lane, { to: at, end: why });
  endLast(lane?.deprecated, at);
  open.delete(versionId);
};

const endAll = (life: Life, at: number): void => {
  for (const stage of [...life.held.keys()]) take(life, stage, at);
  for (const versionId of [...life.open.keys()]) end(life, versionId, at, 'deleted');
  endLast(life.pauses, at);
};

/** Ends the last stretch, if it still goes on. */
const endLast = (stretches: readonly Growing<Stretch>[] | undefined, at: number): void => {
  const last = stretches?.at(-1);
  finish(last?.to === goesOn ? last : undefined, { to: at });
};

const finish = <Part extends Stretch>(part: Part | undefined, changes: Partial<NoInfer<Part>>): void => {
  if (part) Object.assign(part, changes);
};
