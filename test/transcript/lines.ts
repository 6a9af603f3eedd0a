import { type Dialect, huaweiCsms } from '../../src/index.ts';
import { startPlay } from '../../src/transcript/play.ts';
import { call } from '../cli/host.ts';

/** What a play makes of lines under a dialect. */
export const playUnder = (dialect: Dialect | undefined, lines: readonly string[]) => {
  const next = startPlay(dialect);
  return lines.map((line, index) => next(line, index + 1));
};
export const play = (...lines: readonly string[]) => playUnder(huaweiCsms, lines);
export const outcomesOf = (events: ReturnType<typeof play>) =>
  events.map((event) => (event?.outcome === 'refused' ? event.refusal.code : event?.outcome));
export const outcomes = (...lines: readonly string[]) => outcomesOf(play(...lines));

export const born = call(0, 'POST', '', { name: 'db' });

export const textOf = (line: object): string => `${JSON.stringify(line)}\n`;
export const pruned = (at: number, keep?: number) =>
  textOf({ at, secret: 'db', action: { type: 'pruneDeprecated', keep } });

/** A line with an action on a secret of no project. */
export const did = (at: number, type: string, fields: object = {}, secret = 'db') =>
  textOf({ at, secret, action: { type, ...fields } });

export const named = (line: string, dialect: unknown) => textOf({ ...JSON.parse(line), dialect });
