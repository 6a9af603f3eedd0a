import { expect, test } from 'vitest';
import { randomPassword } from '../../src/api/password.ts';
import { createAwsEmulator } from '../../src/emulator/index.ts';
import { AwsClient, born, call } from '../emulator/aws-client.ts';

const passwordOf = (request: object): string => {
  const client = new AwsClient();
  const { RandomPassword, __type, Message } = client.send('GetRandomPassword', request);
  return typeof RandomPassword === 'string' ? RandomPassword : `${__type}: ${Message}`;
};
const requiresNothing = { RequireEachIncludedType: false };
const noLetters = { ExcludeLowercase: true, ExcludeUppercase: true };

test('a password has 32 characters with one of each type', () => {
  const password = passwordOf({});
  expect(password).toMatch(/^[!-~]{32}$/);
  for (const type of [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/]) expect(password).toMatch(type);
  expect(passwordOf({ PasswordLength: 4 })).toHaveLength(4);
  expect(passwordOf({ PasswordLength: 4096 })).toHaveLength(4096);
});

test('a long password has all 94 characters, and a space only if asked for', () => {
  const charactersOf = (request: object) =>
    [...new Set(passwordOf({ PasswordLength: 4096, ...request }))].sort().join('');
  const all = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index)).join('');
  expect(charactersOf({})).toBe(all);
  expect(charactersOf({ IncludeSpace: true })).toBe(` ${all}`);
  expect(charactersOf({ ...noLetters, ExcludePunctuation: true })).toBe('0123456789');
  expect(charactersOf({ ...noLetters, ExcludeNumbers: true, ExcludeCharacters: '!"#$%&' })).toBe(
    "'()*+,-./:;<=>?@[\\]^_`{|}~",
  );
  expect(
    charactersOf({ ...noLetters, ...requiresNothing, ExcludePunctuation: true, ExcludeCharacters: '013456789' }),
  ).toBe('2');
});

test.each([
  [{ PasswordLength: 3 }, 'Password length is too short based on the required types.'],
  [{ ...noLetters, PasswordLength: 1 }, 'Password length is too short based on the required types.'],
  [{ ExcludeCharacters: '0123456789' }, 'All characters of the desired type have been excluded.'],
  [
    { ...noLetters, ExcludeNumbers: true, ExcludePunctuation: true },
    'All characters have been excluded from selection.',
  ],
  [
    {
      ...noLetters,
      ...requiresNothing,
      ExcludePunctuation: true,
      ExcludeCharacters: '0123456789 ',
      IncludeSpace: true,
    },
    'All characters have been excluded from selection.',
  ],
])('%j is refused', (request, message) => {
  expect(passwordOf(request)).toBe(`InvalidParameterException: ${message}`);
});

test('a class that is not required can be empty, and a password as short as one character', () => {
  expect(passwordOf({ ...requiresNothing, ExcludeCharacters: '0123456789' })).toMatch(/^\D{32}$/);
  expect(passwordOf({ ...requiresNothing, PasswordLength: 1 })).toMatch(/^.$/);
  expect(passwordOf({ ...noLetters, ExcludeNumbers: true, ExcludePunctuation: true, IncludeSpace: true })).toBe(
    ' '.repeat(32),
  );
});

test('the required characters are not always the first', () => {
  const types = { lowercase: true, uppercase: true, numbers: true, punctuation: true };
  const rules = { length: 4, excluded: '', types, space: false, requiresEach: true };
  const numbers = Array.from({ length: 40 }, (_, index) => index);
  const firsts = numbers.map((seed) => {
    let draws = seed;
    const made = randomPassword(rules, (below) => {
      draws = (draws * 7919 + 104_729) % 65_521;
      return draws % below;
    });
    return typeof made === 'object' && /^[a-z]/.test(made.password);
  });
  expect(new Set(firsts)).toEqual(new Set([true, false]));
});

test('handleAws gives a password that depends on the request and the time, and the emulator one that does not', async () => {
  expect(passwordOf({})).toBe(passwordOf({}));
  expect(passwordOf({})).not.toBe(passwordOf({ PasswordLength: 32 }));
  const { answer } = createAwsEmulator({ clock: () => born });
  const draw = async () => (await answer(call('GetRandomPassword'))).body;
  expect(await draw()).not.toBe(await draw());
});
