import { expect, test } from 'vitest';
import { UsageError } from '../../src/cli/host.ts';
import { dialectIn, oneOf, readOptions } from '../../src/cli/options.ts';
import { awsSecretsManager, huaweiCsms } from '../../src/index.ts';

const options = {
  at: { type: 'string' },
  quiet: { type: 'boolean' },
  name: { type: 'string', multiple: true },
} as const;
const read = (...args: readonly string[]) => readOptions('tell', args, options);

test('options, what else is given, and the order in which it is', () => {
  const { values, positionals, tokens } = read(
    'a',
    '--name=x=y',
    '--quiet',
    '-',
    '--name',
    '',
    '--at',
    '5',
    '--',
    '--b',
  );
  expect({ ...values }).toEqual({ name: ['x=y', ''], quiet: true, at: '5' });
  expect(positionals).toEqual(['a', '-', '--b']);
  expect(tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : []))).toEqual([
    'name',
    'quiet',
    'name',
    'at',
  ]);
});

test.each([
  ['--quite', '--quite is not an option of tell; did you mean --quiet?'],
  ['--loud=5', '--loud is not an option of tell; there is --at, --quiet, --name'],
  ['-q', '-q is not an option of tell; there is --at, --quiet, --name'],
  ['--__proto__', '--__proto__ is not an option of tell; there is --at, --quiet, --name'],
  ['--constructor', '--constructor is not an option of tell; there is --at, --quiet, --name'],
])('%s is refused, and the nearest is told', (arg, message) => {
  expect(() => read('--quiet', arg)).toThrow(new UsageError(message));
});

test('an option without its value, and a value of one that has none, are refused by name', () => {
  expect(() => read('--at')).toThrow("'--at <value>' argument missing");
  expect(() => read('--quiet=5')).toThrow("'--quiet' does not take an argument");
});

test('one of a few', () => {
  expect(oneOf('--size', 'small', ['small', 'large'])).toBe('small');
  expect(() => oneOf('--size', 'smal', ['small', 'large'])).toThrow(
    new UsageError('--size cannot be smal; did you mean small?'),
  );
  expect(() => oneOf('--size', '__proto__', ['small', 'large'])).toThrow(
    new UsageError('--size cannot be __proto__; there is small, large'),
  );
});

test('a dialect by its name', () => {
  expect(dialectIn('huawei-csms')).toBe(huaweiCsms);
  expect(dialectIn('aws-secrets-manager')).toBe(awsSecretsManager);
  expect(() => dialectIn('aws-secret-manager')).toThrow(
    new UsageError('aws-secret-manager is not a dialect; did you mean aws-secrets-manager?'),
  );
  const all = 'there is huawei-csms, aws-secrets-manager, alibaba-kms, google-secret-manager';
  expect(() => dialectIn('vault')).toThrow(new UsageError(`vault is not a dialect; ${all}`));
  expect(() => dialectIn('__proto__')).toThrow(new UsageError(`__proto__ is not a dialect; ${all}`));
});
