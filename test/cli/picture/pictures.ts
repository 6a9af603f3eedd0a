import { readFileSync } from 'node:fs';
import { type Dialect, huaweiCsms } from '../../../src/index.ts';
import { type Event, startPlay } from '../../../src/transcript/play.ts';
import { call } from '../host.ts';

/** What came of these lines under a dialect. */
export const eventsUnder = (dialect: Dialect, ...lines: readonly string[]): readonly Event[] => {
  const play = startPlay(dialect);
  return lines.flatMap((line, index) => play(line, index + 1) ?? []);
};

/** What came of these lines. */
export const eventsOf = (...lines: readonly string[]): readonly Event[] => eventsUnder(huaweiCsms, ...lines);

export const eventsIn = (transcript: string): readonly Event[] =>
  eventsOf(...readFileSync(`test/transcripts/${transcript}.jsonl`, 'utf8').split('\n'));

/** So many calls a millisecond apart with days of silence among them; twelve stages wander over twenty versions. */
export const crowd = (count: number): readonly Event[] => {
  let at = 1772442000000;
  const lines = Array.from({ length: count }, (_, index) => {
    at += index % 97 === 96 ? 3 * 864e5 : 1;
    if (index === 0) return call(at, 'POST', '', { name: 'crowd' });
    const created = 1 + Math.min(19, index);
    if (index < 20)
      return call(at, 'POST', '/crowd/versions', { version_stages: index < 11 ? [`stage-${index}`] : ['stage-1'] });
    if (index % 29 === 0) return call(at, 'POST', '/crowd/versions', {});
    if (index % 13 === 0) return call(at, 'PUT', '/crowd/stages/one-too-many', { version_id: `v${created}` });
    if (index % 31 === 0) return call(at, 'GET', '/crowd/versions');
    return call(at, 'PUT', `/crowd/stages/stage-${1 + ((index * 7) % 10)}`, {
      version_id: `v${1 + ((index * 11) % 20)}`,
    });
  });
  return eventsOf(...lines);
};
