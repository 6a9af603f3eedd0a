import { sideBySide } from '../../board.ts';
import type { Conformance, TriedLaw } from './result.ts';

/**
 * Writes a report of what {@link checkConformance} found. It has the law that was broken and how, the expected and the actual
 * secret, the calls as lines for `secret-stages replay`, and how to reproduce it. `again` replaces the last part, for example by a command.
 *
 * @example
 * const liar = { ...modelDriver(), act: async () => ({ ok: true }) };
 * const text = explainConformance(await checkConformance(liar, { seed: 1 }));
 * text.split('\n').slice(0, 2); // ['Broken law: A new version takes exactly the stages that it lists. Without a list it takes the current stage, and the previous stage moves to the version that was current. Assumed: CreateSecretVersion: the list overrides the default.', 'The call succeeded, but no new version is listed.']
 */
export function explainConformance(found: Conformance, again?: string): string {
  const { runs, calls, seed } = found;
  if (found.ok) {
    const untried = found.laws.filter(({ tried }) => tried === 0).map(({ id }) => id);
    const missed = untried.length > 0 ? ` Not tried: ${untried.join(', ')}.` : '';
    return `No law was broken in ${calls} calls on ${runs} secrets (seed ${seed}).${missed}`;
  }
  const { law, why, transcript, expected, found: shown, path } = found;
  return [
    `Broken law: ${explainLaw(law)}`,
    why,
    '',
    sideBySide(expected, shown, ['expected', 'actual']),
    '',
    'The shortest sequence of calls found. The last one breaks the law. As lines for `secret-stages replay`:',
    ...transcript,
    '',
    `To reproduce: ${again ?? `{ seed: ${seed}, path: ${JSON.stringify(path)} }`}`,
  ].join('\n');
}

/**
 * Returns the sentence of a law. If the law is only assumed, the text says so: the implementation may be right.
 *
 * @example
 * explainLaw({ sentence: 'A stage marks at most one version.', grade: 'assumed', source: 'a guess' }); // 'A stage marks at most one version. Assumed: a guess.'
 */
export function explainLaw({ sentence, grade, source }: Pick<TriedLaw, 'sentence' | 'grade' | 'source'>): string {
  return grade === 'assumed' ? `${sentence} Assumed: ${source}.` : sentence;
}
