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
  const allowed = (characters: string) => [...characters].filter((each) => !ExcludeCharacters?.includes(each));
  const types = [
    ...(request.ExcludeLowercase ? [] : [classes.lowercase]),
    ...(request.ExcludeUppercase ? [] : [classes.uppercase]),
    ...(request.ExcludeNumbers ? [] : [classes.numbers]),
    ...(request.ExcludePunctuation ? [] : [classes.punctuation]),
  ].map(allowed);
  const all = [...types.flat(), ...(IncludeSpace ? allowed(' ') : [])];
  const required = request.RequireEachIncludedType === false ? [] : types;
  if (all.length === 0) return errors.allExcluded;
  if (required.some((type) => type.length === 0)) return errors.classExcluded;
  if (length < required.length) return errors.shortPassword;
  const draw = (from: readonly string[]) => from[random(from.length)] ?? '';
  const password = [...required, ...Array.from({ length: length - required.length }, () => all)].map(draw);
  // The required characters must not always come first.
  for (let last = password.length - 1; last > 0; last--) {
    const other = random(last + 1);
    [password[last], password[other]] = [password[other] ?? '', password[last] ?? ''];
  }
  return password.join('');
}
