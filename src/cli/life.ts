import type { SecretState } from '../index.ts';
import type { Event } from '../transcript/index.ts';
import type { Played } from './draw-event.ts';

/** What happened to a secret: a call, or the end of its recovery window, which needs no call and so has no line. */
export interface Step extends Pick<Played, 'at' | 'project' | 'secret'> {
  readonly line: number | undefined;
  readonly operation: string;
  readonly outcome: 'done' | 'refused' | 'unmoved' | 'due';
  /** What came of it. */
  readonly sentences: readonly string[];
}

/** From one step to before another; what goes on ends at the number of steps. */
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
  /** Where each stage is. */
  readonly held: Map<string, { readonly on: OpenLane; readonly tenure: Growing<Tenure> }>;
}

/** What goes on has no end yet. */
type Growing<Part> = { -readonly [Field in keyof Part]: Part[Field] };

interface OpenLane {
  readonly lane: Growing<Lane> & { readonly tenures: Growing<Tenure>[]; readonly deprecated: Growing<Stretch>[] };
  /** How many stages are on it. */
  marks: number;
  isDeprecated: boolean;
}

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
  else for (const lane of new Set(effects.flatMap((effect) => changed(life, effect, at)))) mark(lane, at);
  return step;
}

/** Does an effect, and returns the lanes whose stages it changed. */
const changed = (life: Life, effect: Effects[number], at: number): readonly OpenLane[] => {
  if (effect.type === 'versionCreated') return [begin(life, effect.versionId, at)];
  if (effect.type === 'versionPruned') end(life, effect.versionId, at, 'pruned');
  if (effect.type === 'stageAdded') return put(life, effect.stage, effect.to, at);
  if (effect.type === 'stageMoved') return [...take(life, effect.stage, at), ...put(life, effect.stage, effect.to, at)];
  if (effect.type === 'stageRemoved') return take(life, effect.stage, at);
  if (effect.type === 'statusChanged') {
    const pause = life.pauses.at(-1);
    if (pause?.to === goesOn) pause.to = at;
    if (effect.to !== 'ENABLED') life.pauses.push({ from: at, to: goesOn, status: effect.to });
  }
  return [];
};

const begin = ({ lanes, open }: Life, versionId: string, at: number): OpenLane => {
  const lane = { versionId, from: at, to: goesOn, end: 'there' as const, tenures: [], deprecated: [] };
  const begun: OpenLane = { lane, marks: 0, isDeprecated: false };
  lanes.push(begun.lane);
  open.set(versionId, begun);
  return begun;
};

const put = ({ stages, open, held }: Life, stage: string, versionId: string, at: number): readonly OpenLane[] => {
  const on = open.get(versionId);
  if (!on) return [];
  const tenure = { stage, from: at, to: goesOn };
  stages.add(stage);
  on.lane.tenures.push(tenure);
  on.marks++;
  held.set(stage, { on, tenure });
  return [on];
};

const take = ({ held }: Life, stage: string, at: number): readonly OpenLane[] => {
  const hold = held.get(stage);
  if (!hold) return [];
  held.delete(stage);
  hold.tenure.to = at;
  hold.on.marks--;
  return [hold.on];
};

const mark = (open: OpenLane, at: number): void => {
  const { deprecated } = open.lane;
  if (open.lane.to !== goesOn || open.isDeprecated === (open.marks === 0)) return;
  open.isDeprecated = open.marks === 0;
  if (open.isDeprecated) deprecated.push({ from: at, to: goesOn });
  else endLast(deprecated, at);
};

const end = ({ open }: Life, versionId: string, at: number, why: Lane['end']): void => {
  const ended = open.get(versionId);
  if (!ended) return;
  open.delete(versionId);
  ended.lane.to = at;
  ended.lane.end = why;
  if (ended.isDeprecated) endLast(ended.lane.deprecated, at);
};

const endAll = (life: Life, at: number): void => {
  for (const stage of [...life.held.keys()]) take(life, stage, at);
  for (const versionId of [...life.open.keys()]) end(life, versionId, at, 'deleted');
  const pause = life.pauses.at(-1);
  if (pause?.to === goesOn) pause.to = at;
};

const endLast = (stretches: readonly Growing<Stretch>[], at: number): void => {
  const last = stretches.at(-1);
  if (last) last.to = at;
};
