import { expect, test } from 'vitest';
import { commonOptions, type Options } from '../../src/cli/command.ts';
import { UsageError } from '../../src/cli/host.ts';
import { commands } from '../../src/cli/main.ts';
import { readNumber, readOptions, readTime } from '../../src/cli/options.ts';

const options = {
  at: { value: 'TIME', about: 'a time' },
  size: { value: 'SIZE', about: 'a size', choices: ['small', 'large'], usual: 'small' },
  quiet: { about: 'says less' },
  name: { value: 'NAME', about: 'a name', repeats: true },
} as const satisfies Options;
const read = (...args: readonly string[]) => readOptions('tell', args, options);

test('readOptions gives values, other arguments, and the options in their order', () => {
  const args = ['a', '--name=x=y', '--quiet', '-', '--name', '', '--at', '-', '--', '--b'];
  expect(read(...args)).toEqual({
    values: { name: '', quiet: true, at: '-', size: 'small' },
    positionals: ['a', '-', '--b'],
    given: [
      { name: 'name', value: 'x=y' },
      { name: 'quiet', value: undefined },
      { name: 'name', value: '' },
      { name: 'at', value: '-' },
    ],
  });
});

test('readOptions gives the usual value, undefined or false for an option that is omitted', () => {
  expect(read().values).toEqual({ at: undefined, name: undefined, quiet: false, size: 'small' });
  expect(read('--size=large').values.size).toBe('large');
});

const all = 'Use one of --at, --size, --quiet, --name, --color, --no-color, --help, --version.';

test.each([
  [['--quite'], '--quite is not an option of tell. Did you mean --quiet?'],
  [['--loud=5'], `--loud is not an option of tell. ${all}`],
  [['-q'], `-q is not an option of tell. ${all}`],
  [['--__proto__'], `--__proto__ is not an option of tell. ${all}`],
  [['--constructor'], `--constructor is not an option of tell. ${all}`],
  [['--at'], '--at needs a value. Write --at TIME.'],
  [['--at', '--quiet'], '--at needs a value. Write --at TIME. If "--quiet" is the value, write --at=--quiet.'],
  [['--quiet=5'], '--quiet takes no value; got "5".'],
  [['--at=1', '--at=1'], '--at is given twice. Give it only once.'],
  [['--quiet', '--quiet'], '--quiet is given twice. Give it only once.'],
  [['--size', 'smal'], '--size cannot be "smal". Did you mean small?'],
  [['--size', '__proto__'], '--size cannot be "__proto__". Use one of small, large.'],
])('readOptions refuses %j and says what to do', (args, message) => {
  expect(() => read(...args)).toThrow(new UsageError(message));
});

test('readOptions takes a value that begins with a hyphen after =, and common options twice', () => {
  expect(read('--at=-5', '--color', '--color').values.at).toBe('-5');
});

test('readTime takes dates with a time zone and epoch milliseconds', () => {
  expect(readTime('--at', '1970-01-01T00:00:01Z')).toBe(1000);
  expect(readTime('--at', '5')).toBe(5);
});

test('readNumber refuses anything that is not a valid number', () => {
  const isSmall = (number: number) => number < 10;
  expect(readNumber('--keep', '-3', isSmall, 'below 10')).toBe(-3);
  for (const given of ['', '1e0', '10', '1.5', ' 1', '9'.repeat(16)])
    expect(() => readNumber('--keep', given, isSmall, 'below 10')).toThrow('--keep must be below 10; got "');
});

test('no two commands have an option of one name, of which only one takes a value', () => {
  const kinds = new Map<string, boolean>();
  for (const { options } of [...commands, { options: commonOptions }]) {
    for (const [name, option] of Object.entries<Options[string]>(options)) {
      const takesValue = option.value !== undefined;
      expect(kinds.get(name) ?? takesValue, name).toBe(takesValue);
      kinds.set(name, takesValue);
    }
  }
});
