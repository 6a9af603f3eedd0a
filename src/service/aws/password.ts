import { type AwsError, errors, type Request } from '../../api/aws/index.ts';

/** Returns a whole number from 0, and less than `below`. */
export type Random = (below: number) => number;

const classes = {
  lowercase: 'abcdefghijklmnopqrstuvwxyz',
  uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
} as const;

/** Returns a random password, or the error. Source: GetRandomPassword (documented); the messages are reported. */
export function randomPassword(request: Request<'GetRandomPassword'>, random: Random): string | AwsError {
  const { PasswordLength, ExcludeCharacters, IncludeSpace } = request;
  const length = PasswordLength ?? 32;
  const allowed = (characters: string) =>
    characters.replace(/./g, (each) => (ExcludeCharacters?.includes(each) ? '' : each));
  const types = [
    ...(request.ExcludeLowercase ? [] : [classes.lowercase]),
    ...(request.ExcludeUppercase ? [] : [classes.uppercase]),
    ...(request.ExcludeNumbers ? [] : [classes.numbers]),
    ...(request.ExcludePunctuation ? [] : [classes.punctuation]),
  ].map(allowed);
  const all = types.join('') + (IncludeSpace ? allowed(' ') : '');
  const required = request.RequireEachIncludedType === false ? [] : types;
  if (all === '') return errors.allExcluded;
  if (required.includes('')) return errors.classExcluded;
  if (length < required.length) return errors.shortPassword;
  let password = '';
  // Each character goes to a random place, so that the required ones are not the first.
  for (const from of [...required, ...Array.from({ length: length - required.length }, () => all)]) {
    const place = random(password.length + 1);
    password = password.slice(0, place) + from.charAt(random(from.length)) + password.slice(place);
  }
  return password;
}
