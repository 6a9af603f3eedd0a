import { type ParseArgsConfig, parseArgs } from 'node:util';
import { cloudOf, clouds } from '../dialects/index.ts';
import type { Dialect } from '../index.ts';
import { nearest } from '../nearest.ts';
import { UsageError } from './host.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Reads the options of a command and what else it is given. Of a name that it does not take it tells the nearest. */
export function readOptions<const Taken extends Options>(command: string, args: readonly string[], options: Taken) {
  const flags = Object.keys(options).map((name) => `--${name}`);
  for (const token of parseArgs({ args: [...args], options, strict: false, tokens: true }).tokens) {
    if (token.kind === 'option' && !Object.hasOwn(options, token.name)) {
      throw new UsageError(`${token.rawName} is not an option of ${command}; ${nearest(token.rawName, flags)}`);
    }
  }
  return parseArgs({ args: [...args], options, allowPositionals: true, tokens: true });
}

/** An option of which only one is given, of a few that it may be. */
export function oneOf<const Choice extends string>(flag: string, given: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((name) => name === given);
  if (choice === undefined) {
    throw new UsageError(`${flag} cannot be ${given}; ${nearest(given, choices)}`);
  }
  return choice;
}

/** The dialect of that id; `place` is what the error begins with. */
export function dialectIn(id: string, place = ''): Dialect {
  const dialect = cloudOf(id);
  if (dialect) return dialect;
  const ids = clouds.map((cloud) => cloud.id);
  throw new UsageError(`${place}${id} is not a dialect; ${nearest(id, ids)}`);
}

/** What is wrong with a secret of a dialect that is not the one by which it is read, and what to do. */
export function wrongDialect(id: string, dialect: Dialect | undefined, given: Dialect | undefined): string {
  const belongs = `The secret belongs to ${JSON.stringify(id)}`;
  if (given) return `${belongs}, and --dialect says "${given.id}". Omit --dialect, or pass --dialect ${id}.`;
  return dialect
    ? `${belongs}, and the lines before it to "${dialect.id}". Put each cloud into a file of its own.`
    : `${belongs}, and is read as "huawei-csms". Pass --dialect ${id}.`;
}
