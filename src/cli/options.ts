import { type ParseArgsConfig, parseArgs } from 'node:util';
import { cloudOf, clouds } from '../dialects/index.ts';
import type { Dialect } from '../index.ts';
import { nearest } from '../policy/nearest.ts';
import { UsageError } from './host.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Reads the options of a command and what else it is given. Of a name that it does not take it tells the nearest. */
export const readOptions = <const Taken extends Options>(command: string, args: readonly string[], options: Taken) => {
  const flags = Object.keys(options).map((name) => `--${name}`);
  for (const token of parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens) {
    if (token.kind === 'option' && !Object.hasOwn(options, token.name)) {
      throw new UsageError(`${token.rawName} is not an option of ${command}; ${nearest(token.rawName, flags)}`);
    }
  }
  return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
};

/** An option of which only one is given, of a few that it may be. */
export const oneOf = <const Choice extends string>(flag: string, given: string, choices: readonly Choice[]): Choice => {
  const choice = choices.find((name) => name === given);
  if (choice === undefined) {
    throw new UsageError(`${flag} cannot be ${given}; ${nearest(given, choices)}`);
  }
  return choice;
};

/** The dialect of that id. */
export function dialectIn(name: string): Dialect {
  const dialect = cloudOf(name);
  if (dialect) return dialect;
  const ids = clouds.map(({ id }) => id);
  throw new UsageError(`${name} is not a dialect; ${nearest(name, ids)}`);
}
