import { printable } from '../../text.ts';
import { createDeadlines, type Deadlines, type Event } from '../../transcript/index.ts';
import { effectSentence, type Played } from '../draw/draw-event.ts';
import { type Lane, type Life, live, newLife, type Pause, type Step, type Stretch, type Tenure } from './life.ts';

export type Unusable = Extract<Event, { outcome: 'unusable' }>;

/** The life of a secret. If its name is created again after a deletion, the figure continues on new lanes. */
export interface Figure {
  readonly project: string;
  readonly secret: string;
  readonly steps: readonly Step[];
  /** The first step that is drawn; earlier ones are over the limit. */
  readonly firstDrawn: number;
  /** The place of each drawn step on the time axis, from 0, then the end of the figure. The average length of a step is 1. */
  readonly places: readonly number[];
  readonly isToScale: boolean;
  /** In order of appearance. */
  readonly stages: readonly string[];
  /** One per version, oldest first. */
  readonly lanes: readonly Lane[];
  /** When the secret was not ENABLED. */
  readonly pauses: readonly Pause[];
}

/** The most secrets that are drawn: the first to appear. */
export const mostFigures = 100;
/** The most steps that are drawn, over all secrets: the last ones of each. */
export const mostSteps = 2000;
/** The most stages of a secret that are drawn: the first to appear. More could not be distinguished. */
export const mostStages = 156;

/** The content of a picture: a figure of each secret that ever existed, and all steps as a list. */
export function pictureOf(events: readonly Event[]) {
  const steps: (Step | Unusable)[] = [];
  const lives = new Map<string, Life>();
  const deletions = new Map<string, Deadlines<Life>>();
  for (const event of events) {
    if (event.outcome === 'unusable') {
      steps.push(event);
      continue;
    }
    const { project, secret, at, state } = event;
    // Secrets of the project whose deletion is due are deleted, as when the transcript is played.
    const scheduled = deletions.get(project) ?? createDeadlines();
    deletions.set(project, scheduled);
    for (const { item: life, time } of scheduled.takeUntil(at)) {
      // Skip cancelled deletions.
      if (life.due === time) steps.push(live(life, deletionDue(life, time), undefined, []));
    }
    const key = JSON.stringify([project, secret]);
    const life = lives.get(key) ?? newLife(project, secret);
    lives.set(key, life);
    const before = life.due;
    steps.push(live(life, stepOf(event), state, event.outcome === 'done' ? event.effects : []));
    if (life.due !== null && life.due !== before) scheduled.add(life, life.due);
  }
  const born = [...lives.values()].filter(({ isBorn }) => isBorn);
  let room = mostSteps;
  const figures = born.slice(0, mostFigures).flatMap((life) => {
    const { length } = life.steps;
    const drawn = Math.min(length, room);
    room -= drawn;
    return drawn === 0 ? [] : [figureOf(life, length - drawn)];
  });
  return { figures, undrawn: born.length - figures.length, steps };
}

const stepOf = (event: Played): Step => {
  const { line, at, project, secret, operation, outcome } = event;
  return { line, at, project, secret, operation, outcome, sentences: sentencesOf(event).map(printable) };
};

const sentencesOf = (event: Played): readonly string[] => {
  if (event.outcome === 'unmoved') return ['This call has no effect on stages.'];
  if (event.outcome === 'refused') return [event.sentence];
  return event.effects.length > 0 ? event.effects.map(effectSentence) : ['Nothing changed.'];
};

const deletionDue = ({ project, secret }: Life, at: number): Step => {
  const sentences = ['The recovery window ends. The secret is deleted permanently.'];
  return { line: undefined, at, project, secret, operation: 'no call', outcome: 'due', sentences };
};

const figureOf = ({ project, secret, steps, stages, lanes, pauses }: Life, firstDrawn: number): Figure => {
  const until = <Part extends Stretch>(part: Part): Part => ({ ...part, to: Math.min(part.to, steps.length) });
  const order = new Map([...stages].map((stage, index) => [stage, index]));
  const orderOf = ({ stage }: Tenure) => Number(order.get(stage));
  const tenuresOf = (lane: Lane) =>
    lane.tenures.filter((tenure) => orderOf(tenure) < mostStages).sort((one, other) => orderOf(one) - orderOf(other));
  return {
    project,
    secret,
    steps,
    firstDrawn,
    ...placesOf(steps.slice(firstDrawn).map(({ at }) => at)),
    stages: [...stages],
    lanes: lanes.map((lane) =>
      until({ ...lane, tenures: tenuresOf(lane).map(until), deprecated: lane.deprecated.map(until) }),
    ),
    pauses: pauses.map(until),
  };
};

/**
 * The places of the steps with these times. Time is drawn to scale if that is readable: if no two steps are closer than half of their
 * mean distance. Otherwise, such as when two calls share a time or the clock went back, every step has the same width. The order is
 * then what matters, and the times are written below.
 */
const placesOf = (times: readonly number[]): Pick<Figure, 'places' | 'isToScale'> => {
  const last = times.length - 1;
  const first = Number(times[0]);
  const mean = (Number(times[last]) - first) / last;
  const isToScale = mean > 0 && times.every((at, step) => step === 0 || at - Number(times[step - 1]) >= mean / 2);
  const places = times.map((at, step) => (isToScale ? (at - first) / mean : step));
  return { isToScale, places: [...places, last + 1] };
};
