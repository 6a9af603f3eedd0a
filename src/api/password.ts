import type { Random } from './hash.ts';

const classes = [
  ['lowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['uppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['numbers', '0123456789'],
  ['punctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
] as const;

/** What a password consists of. */
export interface PasswordRules {
  readonly length: number;
  /** The characters that it must not have. */
  readonly excluded: string;
  readonly types: Readonly<Record<(typeof classes)[number][0], boolean>>;
  readonly space: boolean;
  /** Whether it must have a character of each type. */
  readonly requiresEach: boolean;
}

/** Returns a random password, or why it is impossible. Source: GetRandomPassword of AWS (documented); for CSMS assumed to be the same. */
export function randomPassword(
  { length, excluded, types, space, requiresEach }: PasswordRules,
  random: Random,
): { readonly password: string } | 'ALL_EXCLUDED' | 'TYPE_EXCLUDED' | 'TOO_SHORT' {
  const allowed = (characters: string) => characters.replace(/./g, (each) => (excluded.includes(each) ? '' : each));
  const included = classes.filter(([type]) => types[type]).map(([, characters]) => allowed(characters));
  const all = included.join('') + (space ? allowed(' ') : '');
  const required = requiresEach ? included : [];
  if (all === '') return 'ALL_EXCLUDED';
  if (required.includes('')) return 'TYPE_EXCLUDED';
  if (length < required.length) return 'TOO_SHORT';
  let password = '';
  // Each character goes to a random place, so that the required ones are not the first.
  for (const from of [...required, ...Array.from({ length: length - required.length }, () => all)]) {
    const place = random(password.length + 1);
    password = password.slice(0, place) + from.charAt(random(from.length)) + password.slice(place);
  }
  return { password };
}
