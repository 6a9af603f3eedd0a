import type { SecretState } from '../../index.ts';
import type { Event } from '../../transcript/index.ts';
import type { Played } from '../draw/draw-event.ts';

/** An event of a secret: a call, or the end of its recovery window, which has no call and so no line. */
export interface Step extends Pick<Played, 'at' | 'project' | 'secret'> {
  readonly line: number | undefined;
  readonly operation: string;
  readonly outcome: 'done' | 'refused' | 'unmoved' | 'due';
  /** The result, in sentences. */
  readonly sentences: readonly string[];
}

/** A range of steps. If it lasts to the end of the figure, `to` is the number of steps. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Lane extends Stretch {
  readonly versionId: string;
  /** Whether the version still exists at the end of the lane. */
  readonly end: 'exists' | 'pruned' | 'deleted';
  /** The stages that were on it, and when. */
  readonly tenures: readonly Tenure[];
  /** When no stage was on it. */
  readonly deprecated: readonly Stretch[];
}

export interface Tenure extends Stretch {
  readonly stage: string;
}

export interface Pause extends Stretch {
  readonly status: string;
}

type Effects = Extract<Event, { outcome: 'done' }>['effects'];

/** The history of one secret so far. Each step updates it by its effects, which is cheaper than comparing whole states. */
export interface Life {
  readonly project: string;
  readonly secret: string;
  readonly steps: Step[];
  /** In order of appearance. */
  readonly stages: Set<string>;
  readonly lanes: Growing<Lane>[];
  readonly pauses: Growing<Pause>[];
  /** Whether it ever existed. */
  isBorn: boolean;
  /** When its scheduled deletion is due. */
  due: number | null;
  /** The lanes of the versions that exist, by their ids. */
  readonly open: Map<string, OpenLane>;
  /** The tenure of each stage that is on a version. */
  readonly held: Map<string, Growing<Tenure>>;
}

/** A part that has no end yet. */
type Growing<Part> = { -readonly [Field in keyof Part]: Part[Field] };

type OpenLane = Growing<Lane> & { readonly tenures: Growing<Tenure>[]; readonly deprecated: Growing<Stretch>[] };

/** The end of a part that has no end yet. */
const goesOn = Number.POSITIVE_INFINITY;

export function newLife(project: string, secret: string): Life {
  const begun = { isBorn: false, due: null, open: new Map(), held: new Map() };
  return { project, secret, steps: [], stages: new Set(), lanes: [], pauses: [], ...begun };
}

/** Adds a step and its changes. If the state is undefined, the secret no longer exists. */
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
  const lane: OpenLane = { versionId, from: at, to: goesOn, end: 'exists', tenures: [], deprecated: [] };
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

/** Ends the last stretch, if it has no end yet. */
const endLast = (stretches: readonly Growing<Stretch>[] | undefined, at: number): void => {
  const last = stretches?.at(-1);
  finish(last?.to === goesOn ? last : undefined, { to: at });
};

const finish = <Part extends Stretch>(part: Part | undefined, changes: Partial<NoInfer<Part>>): void => {
  if (part) Object.assign(part, changes);
};
