import type { Colors } from 'picocolors/types.js';
import { explain } from '../explain.ts';
import { asJson, printable } from '../text.ts';

import type { Event } from '../transcript/play.ts';
import { boardOf, drawBoard, moment } from './draw-board.ts';

/** How many calls came to what, and which lines to look at. */
export interface Summary {
  calls: number;
  done: number;
  unmoved: number;
  readonly refused: { readonly line: number; readonly code: string }[];
  readonly unusable: { readonly line: number; readonly expected: string }[];
}

export function emptySummary(): Summary {
  return { calls: 0, done: 0, unmoved: 0, refused: [], unusable: [] };
}

export function countIn(summary: Summary, event: Event): void {
  const { line } = event;
  if (event.outcome === 'unusable') {
    summary.unusable.push({ line, expected: event.expected });
    return;
  }
  summary.calls++;
  if (event.outcome === 'refused') summary.refused.push({ line, code: event.refusal.code });
  else summary[event.outcome]++;
}

/** A line of `--json`: the event, with the board in place of the state. */
export function eventAsJson(event: Event): string {
  if (event.outcome === 'unusable') return asJson(event);
  const { state, dialect, ...rest } = event;
  return asJson({ ...rest, board: state ? boardOf(event.project, state) : null });
}

export function drawEvent(event: Event, colors: Colors): string {
  if (event.outcome === 'unusable') {
    return `${colors.red(`Line ${event.line} cannot be played.`)} Expected ${printable(event.expected)}.\n`;
  }
  const head = [`${event.line}`.padStart(3), colors.dim(moment(event.at)), event.operation, printable(event.secret)];
  const board =
    event.state && event.outcome !== 'unmoved'
      ? [drawBoard(boardOf(event.project, event.state), event.dialect, colors)]
      : [];
  const text = [...saidOf(event, colors), '', ...board, ...(board.length > 0 ? [''] : [])].join('\n');
  return `${head.join('  ')}\n${text.replaceAll(/^(?=.)/gm, '     ')}`;
}

type Played = Exclude<Event, { outcome: 'unusable' }>;

const saidOf = (event: Played, colors: Colors): readonly string[] => {
  switch (event.outcome) {
    case 'unmoved':
      return [colors.dim('moves no stage')];
    case 'refused':
      return [`${colors.red(`refused: ${event.refusal.code}`)}`, printable(event.sentence)];
    case 'done':
      return event.effects.length > 0
        ? event.effects.map((effect) => printable(sentenceOf(effect)))
        : ['nothing changed'];
  }
};

type DoneEffect = Extract<Event, { outcome: 'done' }>['effects'][number];

export function sentenceOf(effect: DoneEffect): string {
  if (effect.type === 'secretCreated') return 'The secret is created, without a version.';
  return effect.type === 'secretDeleted' ? 'The secret is deleted, at once and for good.' : explain(effect);
}

export function drawSummary(summary: Summary, colors: Colors): string {
  const { calls, done, unmoved, refused, unusable } = summary;
  const counts = [`${done} done`, `${refused.length} refused`, `${unmoved} moved no stage`];
  return [
    colors.bold(`${calls} ${calls === 1 ? 'call' : 'calls'} played: ${counts.join(', ')}.`),
    ...refused.map(({ line, code }) => `  line ${line} refused: ${code}`),
    ...(unusable.length > 0 ? [colors.red(`${unusable.length} of the lines cannot be played:`)] : []),
    ...unusable.map(({ line, expected }) => `  line ${line}: expected ${printable(expected)}`),
    '',
  ].join('\n');
}
