import { cloudOf, clouds, type Dialect } from '../../dialects/index.ts';

import { fieldOf } from '../../json.ts';
import type { Problem } from '../../refusal.ts';
import { asText } from '../../text.ts';
import { ofAnotherCloud } from './csms.ts';

/** The dialect of a state in untrusted data, by the id that it carries; or what is wrong with that. */
export function recognize(state: unknown, path: string, given: Dialect | undefined): Dialect | Problem {
  const id = fieldOf(state, 'dialect');
  if (typeof id === 'string' && given) return id === given.id ? given : ofAnotherCloud(path, id, given);
  const ids = given?.id ?? `one of ${clouds.map((known) => known.id).join(', ')}`;
  if (id === undefined) return { path: `${path}.dialect`, expected: `${ids}; it is missing` };
  const others = given ? '' : ' (pass `dialect` to read a secret of another)';
  return cloudOf(`${id}`) ?? { path: `${path}.dialect`, expected: `${ids}${others}`, found: asText(id) };
}
