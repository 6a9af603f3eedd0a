import { printable } from '../../text.ts';
import { createDeadlines, type Deadlines, type Event } from '../../transcript/index.ts';
import { effectSentence, type Played } from '../draw/draw-event.ts';
import { type Lane, type Life, live, newLife, type Pause, type Step, type Stretch, type Tenure } from './life.ts';

export type Unusable = Extract<Event, { outcome: 'unusable' }>;

/** The life of a secret. A name that was deleted and taken again lives on in the same figure, on lanes of its own. */
export interface Figure {
  readonly project: string;
  readonly secret: string;
  readonly steps: readonly Step[];
  /** The first step that is drawn: those before it were too many. */
  readonly firstDrawn: number;
  /** Where each drawn step stands on the axis of time, from 0, and after them where the figure ends. A step is 1 long on average. */
  readonly places: readonly number[];
  readonly isToScale: boolean;
  /** In the order in which they appeared. */
  readonly stages: readonly string[];
  /** One a version, oldest first. */
  readonly lanes: readonly Lane[];
  /** When the secret was not ENABLED. */
  readonly pauses: readonly Pause[];
}

/** The most secrets that are drawn: those that appeared first. */
export const mostFigures = 100;
/** The most steps that are drawn of all secrets together: the last ones of each. */
export const mostSteps = 2000;
/** The most stages that are drawn of a secret, those that appeared first. More could not be told apart. */
export const mostStages = 156;

/** A transcript as a picture shows it: a figure of each secret that ever existed, and all steps as a list. */
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
    // A secret of the project whose deletion has come due is gone, as it is when the transcript is played.
    const scheduled = deletions.get(project) ?? createDeadlines();
    deletions.set(project, scheduled);
    for (const { item: life, time } of scheduled.takeUntil(at)) {
      // A deletion that was cancelled is passed over.
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
  if (event.outcome === 'unmoved') return ['It moves no stage.'];
  if (event.outcome === 'refused') return [event.sentence];
  return event.effects.length > 0 ? event.effects.map(effectSentence) : ['Nothing changed.'];
};

const deletionDue = ({ project, secret }: Life, at: number): Step => {
  const sentences = ['The recovery window ends: the secret is deleted for good.'];
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
 * The places of the steps with these times. Time is drawn to scale where that is readable: where no two steps are closer than half of their mean distance. Otherwise, such
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
