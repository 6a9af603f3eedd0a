import { hasVersion, isDeprecated, type SecretState, versionOf } from '../index.ts';
import { printable } from '../text.ts';
import type { Event } from '../transcript/play.ts';

import { effectSentence } from './draw-event.ts';

/** A transcript as a picture shows it: a figure of each secret that ever was, and all that befell as a list. */
export interface Picture {
  readonly figures: readonly Figure[];
  readonly steps: readonly (Step | Unusable)[];
}

export type Unusable = Extract<Event, { outcome: 'unusable' }>;

/** What befell a secret: a call, or the end of its recovery window, which needs none and so has no line. */
export interface Step {
  readonly line: number | undefined;
  readonly at: number;
  readonly project: string;
  readonly secret: string;
  readonly operation: string;
  readonly outcome: 'done' | 'refused' | 'unmoved' | 'due';
  readonly told: readonly string[];
}

/** The life of a secret. A name that was deleted and taken again lives on in the same figure, on lanes of its own. */
export interface Figure {
  readonly project: string;
  readonly secret: string;
  readonly steps: readonly Step[];
  /** Where each step stands on the axis of time, and behind them where the figure ends. A step is 1 long on average. */
  readonly places: readonly number[];
  readonly isToScale: boolean;
  /** In the order in which they appeared. */
  readonly stages: readonly string[];
  /** One a version, oldest first. */
  readonly lanes: readonly Lane[];
  /** When the secret was not ENABLED. */
  readonly rests: readonly (Stretch & { readonly status: string })[];
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
  readonly spans: readonly Span[];
  /** When no stage marked it. */
  readonly deprecated: readonly Stretch[];
}

/** A stage while it is on one version. */
interface Span extends Stretch {
  readonly stage: string;
}

/** What a picture of these events shows. */
export function pictureOf(events: readonly Event[]): Picture {
  const steps: (Step | Unusable)[] = [];
  const lives = new Map<string, Life>();
  for (const event of events) {
    if (event.outcome === 'unusable') {
      steps.push(event);
      continue;
    }
    // What has fallen due in the project until now is gone, as the play has it.
    for (const life of lives.values()) {
      const due = life.states.at(-1)?.scheduledDeleteTime ?? null;
      if (life.project !== event.project || due === null || due > event.at) continue;
      steps.push(live(life, fallenDue(life, due), undefined));
    }
    const step = stepOf(event);
    steps.push(step);
    if (event.secret === '') continue;
    const { project, secret } = event;
    const key = JSON.stringify([project, secret]);
    const life = lives.get(key) ?? { project, secret, steps: [], states: [] };
    lives.set(key, life);
    live(life, step, event.state);
  }
  return { figures: [...lives.values()].filter(({ states }) => states.some(isThere)).map(figureOf), steps };
}

/** What befell one secret so far, and what it was after each. */
interface Life {
  readonly project: string;
  readonly secret: string;
  readonly steps: Step[];
  readonly states: (SecretState | undefined)[];
}

const live = ({ steps, states }: Life, step: Step, state: SecretState | undefined): Step => {
  steps.push(step);
  states.push(state);
  return step;
};

const isThere = (state: SecretState | undefined): state is SecretState => state !== undefined;

const stepOf = (event: Exclude<Event, Unusable>): Step => {
  const { line, at, project, secret, operation, outcome } = event;
  return { line, at, project, secret, operation, outcome, told: toldOf(event).map(printable) };
};

const toldOf = (event: Exclude<Event, Unusable>): readonly string[] => {
  if (event.outcome === 'unmoved') return ['It moves no stage.'];
  if (event.outcome === 'refused') return [event.sentence];
  if (event.effects.length === 0) return ['Nothing changed.'];
  return event.effects.map(effectSentence);
};

const fallenDue = ({ project, secret }: Life, at: number): Step => ({
  line: undefined,
  at,
  project,
  secret,
  operation: 'no call',
  outcome: 'due',
  told: ['The recovery window ends: the secret is deleted for good.'],
});

const figureOf = ({ project, secret, steps, states }: Life): Figure => {
  const there = states.filter(isThere);
  const stages = [...new Set(there.flatMap((state) => state.stages.map(({ name }) => name)))];
  const spans = stages.flatMap((stage) =>
    runsOf(states, (state) => versionOf(state, stage)).map(({ value, ...run }) => ({
      ...run,
      stage,
      versionId: value,
    })),
  );
  const laneOf = (versionId: string) => (run: Stretch) =>
    ({
      ...run,
      versionId,
      end: run.to === states.length ? 'there' : states[run.to] === undefined ? 'deleted' : 'pruned',
      spans: spans.filter((span) => span.versionId === versionId && isWithin(span, run)),
      deprecated: runsOf(states, (state) => isDeprecated(state, versionId) || undefined).filter((bare) =>
        isWithin(bare, run),
      ),
    }) as const;
  const versionIds = [...new Set(there.flatMap(({ versions }) => Object.keys(versions)))];
  return {
    project,
    secret,
    steps,
    ...placesOf(steps.map(({ at }) => at)),
    stages,
    lanes: versionIds
      .flatMap((id) => runsOf(states, (state) => hasVersion(state, id) || undefined).map(laneOf(id)))
      .sort((one, other) => one.from - other.from),
    rests: runsOf(states, ({ status }) => (status === 'ENABLED' ? undefined : status)).map(({ value, ...run }) => ({
      ...run,
      status: value,
    })),
  };
};

const isWithin = (inner: Stretch, outer: Stretch): boolean => outer.from <= inner.from && inner.to <= outer.to;

/** The longest stretches of states on which a question has one answer; undefined is none. */
const runsOf = <Value>(
  states: readonly (SecretState | undefined)[],
  ask: (state: SecretState) => Value | undefined,
): readonly (Stretch & { readonly value: Value })[] => {
  const runs: { from: number; to: number; value: Value }[] = [];
  for (const [step, state] of states.entries()) {
    const value = state && ask(state);
    const last = runs.at(-1);
    if (last?.to === step && last.value === value) last.to = step + 1;
    else if (value !== undefined) runs.push({ from: step, to: step + 1, value });
  }
  return runs;
};

/**
 * Time is drawn to scale where that can be read: where no two steps are closer than half of what they would be if all
 * were as far apart. Else, as where two calls share a moment, days of silence part them, or the clock went back, each step
 * takes the same room: what a reader asks is then what came after what, and the moments are written below.
 */
const placesOf = (times: readonly number[]): Pick<Figure, 'places' | 'isToScale'> => {
  const last = times.length - 1;
  const first = Number(times[0]);
  const mean = (Number(times[last]) - first) / last;
  const isToScale = mean > 0 && times.every((at, step) => step === 0 || at - Number(times[step - 1]) >= mean / 2);
  const places = times.map((at, step) => (isToScale ? (at - first) / mean : step));
  return { isToScale, places: [...places, last + 1] };
};
