import { hasVersion, isDeprecated, type SecretState, versionOf } from '../index.ts';
import { printable } from '../text.ts';
import type { Event } from '../transcript/index.ts';
import { effectSentence, type Played } from './draw-event.ts';

export type Unusable = Extract<Event, { outcome: 'unusable' }>;

/** What happened to a secret: a call, or the end of its recovery window, which needs no call and so has no line. */
export interface Step extends Pick<Played, 'at' | 'project' | 'secret'> {
  readonly line: number | undefined;
  readonly operation: string;
  readonly outcome: 'done' | 'refused' | 'unmoved' | 'due';
  /** What came of it. */
  readonly sentences: readonly string[];
}

/** The life of a secret. A name that was deleted and taken again lives on in the same figure, on lanes of its own. */
export interface Figure {
  readonly project: string;
  readonly secret: string;
  readonly steps: readonly Step[];
  /** Where each step stands on the axis of time, and after them where the figure ends. A step is 1 long on average. */
  readonly places: readonly number[];
  readonly isToScale: boolean;
  /** In the order in which they appeared. */
  readonly stages: readonly string[];
  /** One a version, oldest first. */
  readonly lanes: readonly Lane[];
  /** When the secret was not ENABLED. */
  readonly pauses: readonly (Stretch & { readonly status: string })[];
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
  readonly tenures: readonly (Stretch & { readonly stage: string })[];
  /** When no stage marked it. */
  readonly deprecated: readonly Stretch[];
}

/** A transcript as a picture shows it: a figure of each secret that ever existed, and all steps as a list. */
export function pictureOf(events: readonly Event[]) {
  const steps: (Step | Unusable)[] = [];
  const lives = new Map<string, Life>();
  for (const event of events) {
    if (event.outcome === 'unusable') {
      steps.push(event);
      continue;
    }
    const { project, secret, at, state } = event;
    // A secret of the project whose deletion has come due is gone, as it is when the transcript is played.
    for (const life of lives.values()) {
      const due = life.states.at(-1)?.scheduledDeleteTime ?? Number.POSITIVE_INFINITY;
      if (life.project === project && due <= at) steps.push(lived(life, deletionDue(life, due), undefined));
    }
    const key = JSON.stringify([project, secret]);
    const life = lives.get(key) ?? { project, secret, steps: [], states: [] };
    lives.set(key, life);
    steps.push(lived(life, stepOf(event), state));
  }
  return { figures: [...lives.values()].filter(({ states }) => states.some((state) => state)).map(figureOf), steps };
}

/** What happened to one secret so far, and its state after each step. */
interface Life {
  readonly project: string;
  readonly secret: string;
  readonly steps: Step[];
  readonly states: (SecretState | undefined)[];
}

const lived = ({ steps, states }: Life, step: Step, state: SecretState | undefined): Step => {
  steps.push(step);
  states.push(state);
  return step;
};

const stepOf = (event: Played): Step => {
  const { line, at, project, secret, operation, outcome } = event;
  return { line, at, project, secret, operation, outcome, sentences: sentencesOf(event).map(printable) };
};

const sentencesOf = (event: Played): readonly string[] => {
  if (event.outcome === 'unmoved') return ['It moves no stage.'];
  if (event.outcome === 'refused') return [event.sentence];
  return event.effects.length > 0 ? event.effects.map(effectSentence) : ['Nothing changed.'];
};

const deletionDue = ({ project, secret }: Life, at: number): Step => {
  const sentences = ['The recovery window ends: the secret is deleted for good.'];
  return { line: undefined, at, project, secret, operation: 'no call', outcome: 'due', sentences };
};

const figureOf = ({ project, secret, steps, states }: Life): Figure => {
  const existing = states.filter((state) => state !== undefined);
  const stages = [...new Set(existing.flatMap((state) => state.stages.map(({ name }) => name)))];
  const versionIds = [...new Set(existing.flatMap(({ versions }) => Object.keys(versions)))];
  const tenures = stages.flatMap((stage) =>
    stretchesOf(states, (state) => versionOf(state, stage)).map((tenure) => ({ ...tenure, stage })),
  );
  const lanesOf = (versionId: string): readonly Lane[] => {
    const deprecated = stretchesWhere(states, (state) => isDeprecated(state, versionId));
    return stretchesWhere(states, (state) => hasVersion(state, versionId)).map((lane) => {
      const isWithin = ({ from, to }: Stretch) => lane.from <= from && to <= lane.to;
      const end = states[lane.to] === undefined ? 'deleted' : 'pruned';
      return {
        ...lane,
        versionId,
        end: lane.to === states.length ? 'there' : end,
        tenures: tenures.filter((tenure) => tenure.value === versionId && isWithin(tenure)),
        deprecated: deprecated.filter(isWithin),
      };
    });
  };
  const pauses = stretchesOf(states, ({ status }) => (status === 'ENABLED' ? undefined : status));
  return {
    project,
    secret,
    steps,
    ...placesOf(steps.map(({ at }) => at)),
    stages,
    lanes: versionIds.flatMap(lanesOf).sort((one, other) => one.from - other.from),
    pauses: pauses.map(({ value, ...pause }) => ({ ...pause, status: value })),
  };
};

/** The longest stretches of states that agree. */
const stretchesWhere = (states: Life['states'], agrees: (state: SecretState) => boolean): readonly Stretch[] =>
  stretchesOf(states, (state) => agrees(state) || undefined).map(({ from, to }) => ({ from, to }));

/** The longest stretches of states on which a question has one answer; undefined is none. */
const stretchesOf = <Value>(states: Life['states'], ask: (state: SecretState) => Value | undefined) => {
  const stretches: { from: number; to: number; value: Value }[] = [];
  for (const [step, state] of states.entries()) {
    const value = state && ask(state);
    const last = stretches.at(-1);
    if (last?.to === step && last.value === value) last.to = step + 1;
    else if (value !== undefined) stretches.push({ from: step, to: step + 1, value });
  }
  return stretches;
};

/**
 * Time is drawn to scale where that is readable: where no two steps are closer than half of their mean distance. Otherwise, such
 * as where two calls share a time, days of silence part them, or the clock went back, each step takes the same room: what a
 * reader asks is then what came after what, and the times are written below.
 */
const placesOf = (times: readonly number[]): Pick<Figure, 'places' | 'isToScale'> => {
  const last = times.length - 1;
  const first = Number(times[0]);
  const mean = (Number(times[last]) - first) / last;
  const isToScale = mean > 0 && times.every((at, step) => step === 0 || at - Number(times[step - 1]) >= mean / 2);
  const places = times.map((at, step) => (isToScale ? (at - first) / mean : step));
  return { isToScale, places: [...places, last + 1] };
};
