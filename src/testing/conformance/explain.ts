import { sideBySide } from '../../board.ts';
import type { Conformance, TriedLaw } from './result.ts';

/**
 * What {@link checkConformance} found, for a person: the law that was broken and by what, the secret as it must be and as it
 * is shown, the calls as lines that `secret-stages replay` takes, and what plays the same again. `again` says the last in
 * other words, such as a command.
 *
 * @example
 * const liar = { ...modelDriver(), act: async () => ({ ok: true }) };
 * const text = explainConformance(await checkConformance(liar, { seed: 1 }));
 * text.split('\n').slice(0, 2); // ['Broken: A new version takes exactly the stages listed for it; without a list it takes the current stage, and the previous one goes to where that was. Assumed: CreateSecretVersion: the list overrides the default.', 'The call was done, and no new version is listed.']
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
    `Broken: ${explainLaw(law)}`,
    why,
    '',
    sideBySide(expected, shown, ['must be', 'is shown']),
    '',
    'The fewest calls that were found, of which the last breaks it, as lines for secret-stages replay:',
    ...transcript,
    '',
    `The same again: ${again ?? `{ seed: ${seed}, path: ${JSON.stringify(path)} }`}`,
  ].join('\n');
}

/**
 * A law in words. If it is only assumed, the text says so: the implementation may be right.
 *
 * @example
 * explainLaw({ sentence: 'A stage marks at most one version.', grade: 'assumed', source: 'a guess' }); // 'A stage marks at most one version. Assumed: a guess.'
 */
export function explainLaw({ sentence, grade, source }: Pick<TriedLaw, 'sentence' | 'grade' | 'source'>): string {
  return grade === 'assumed' ? `${sentence} Assumed: ${source}.` : sentence;
}
