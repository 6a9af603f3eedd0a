import type { Dialect } from '../dialects/dialect.ts';
import { cloudOf, clouds } from '../dialects/index.ts';
import { asText, type Problem } from '../refusal.ts';
import { fieldOf } from './import-answers.ts';

/** The dialect of a state in untrusted data, by the id that it carries; or what is wrong with that. */
export function recognize(state: unknown, path: string): Dialect | Problem {
  const id = fieldOf(state, 'dialect');
  const cloud = typeof id === 'string' ? cloudOf(id) : undefined;
  const ids = clouds.map((known) => known.id).join(', ');
  return (
    cloud ?? {
      path: `${path}.dialect`,
      expected: `one of ${ids} (pass \`dialect\` to read a secret of another)`,
      found: asText(id),
    }
  );
}
