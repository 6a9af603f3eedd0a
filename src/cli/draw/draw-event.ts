import { boardOf } from '../../board.ts';
import { drawSecret, timeText } from '../../drawing/draw-secret.ts';
import { indented, type Terminal } from '../../drawing/terminal.ts';
import { wrap } from '../../drawing/wrap.ts';
import { explain } from '../../explain.ts';
import type { SecretState } from '../../index.ts';
import { asJson, counted, grouped, printable } from '../../text.ts';
import type { Event } from '../../transcript/index.ts';
import { atMost } from '../host.ts';

/** The number of calls by outcome, and the lines to look at. */
export interface Summary {
  calls: number;
  done: number;
  unmoved: number;
  readonly refused: { readonly line: number; readonly code: string }[];
  readonly unusable: { readonly line: number; readonly expected: string }[];
}

export function countIn(summary: Summary, event: Event): void {
  const { line, outcome } = event;
  if (outcome !== 'unusable') summary.calls++;
  if (outcome === 'unusable') summary.unusable.push({ line, expected: event.expected });
  else if (outcome === 'refused') summary.refused.push({ line, code: event.refusal.code });
  else summary[outcome]++;
}

/** The outcome is drawn below the line, indented by the width of its number. */
const margin = 5;

/** A line of `--format json`: the event, with the board instead of the state. */
export function eventAsJson(event: Event): string {
  if (event.outcome === 'unusable') return asJson(event);
  const { state, dialect, ...rest } = event;
  return asJson({ ...rest, board: state ? boardData(event.project, state) : null });
}

export function drawEvent(event: Event, terminal: Terminal): string {
  const { colors } = terminal;
  const { line, outcome } = event;
  if (outcome === 'unusable') {
    const text = `${colors.red(`Line ${line} cannot be played.`)} ${printable(event.expected)}.\n`;
    return wrap(text, terminal, 2);
  }
  const { at, operation, secret, state, dialect } = event;
  const head = [`${line}`.padStart(3), colors.dim(timeText(at)), operation, printable(secret)];
  const text = indented(margin, terminal, (inner) => {
    const board = state && outcome !== 'unmoved' ? [drawSecret(state, dialect, inner), ''] : [];
    return [...outcomeLines(event, inner), '', ...board].join('\n');
  });
  return `${wrap(head.join('  '), terminal, margin)}\n${text}`;
}

const boardData = (project: string, state: SecretState) => {
  const { status, scheduledDeleteTime, versions } = boardOf(state);
  const rows = versions.map((version) => ({ ...version, deprecated: version.stages.length === 0 }));
  return { project, secret: state.name, status, scheduledDeleteTime, versions: rows };
};

export type Played = Exclude<Event, { outcome: 'unusable' }>;

const outcomeLines = (event: Played, terminal: Terminal): readonly string[] => {
  const { colors } = terminal;
  if (event.outcome === 'unmoved') return [colors.dim('no effect on stages')];
  if (event.outcome === 'refused')
    return [colors.red(`refused: ${event.refusal.code}`), wrap(printable(event.sentence), terminal)];
  if (event.effects.length === 0) return ['nothing changed'];
  return event.effects.map((effect) => wrap(printable(effectSentence(effect)), terminal));
};

export function effectSentence(effect: Extract<Event, { outcome: 'done' }>['effects'][number]): string {
  if (effect.type === 'secretCreated') return 'The secret is created without a version.';
  return effect.type === 'secretDeleted' ? 'The secret is deleted immediately and permanently.' : explain(effect);
}

export function drawSummary(summary: Summary, terminal: Terminal): string {
  const { colors } = terminal;
  const { calls, done, unmoved, refused, unusable } = summary;
  const counts = [
    `${grouped(done)} done`,
    `${grouped(refused.length)} refused`,
    `${grouped(unmoved)} without effect on stages`,
  ];
  return [
    colors.bold(`${counted(calls, 'call')} played: ${counts.join(', ')}.`),
    ...atMost(
      100,
      refused.map(({ line, code }) => `  line ${line} refused: ${code}`),
    ),
    ...(unusable.length > 0 ? [colors.red(`${counted(unusable.length, 'line')} cannot be played:`)] : []),
    ...atMost(
      100,
      unusable.map(({ line, expected }) => `  line ${line}: ${printable(expected)}.`),
    ),
    '',
  ]
    .map((text) => wrap(text, terminal, 2))
    .join('\n');
}
