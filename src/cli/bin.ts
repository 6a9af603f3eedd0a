#!/usr/bin/env node
import { fstatSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { Writable } from 'node:stream';
import { run } from './main.ts';
import { warn } from './terminal/warn.ts';

/** The exit code if the output could not be written and the exit code would otherwise be 0. */
const lost = 141;

/** Standard output. Node may write only the beginning of a text to a file, without an error, so a file is written whole here. */
const stdout = fstatSync(1).isFile() ? new Writable({ write: writeWhole }) : process.stdout;

let failed = false;
stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that stops early, such as `head`, is not an error.
  if (error.code === 'EPIPE' || failed) return;
  failed = true;
  process.exitCode ||= lost;
  process.stderr.write(`secret-stages: The output could not be written (${error.code}). Is the disk full?\n`);
});
// An error message that cannot be written must not change the exit code.
process.stderr.on('error', () => undefined);

try {
  const { argv, env, stdin, stderr } = process;
  const once = process.once.bind(process);
  const off = process.off.bind(process);
  const exit = (code: number) => process.exit(code || (failed ? lost : 0));
  const exitCode = await run({ argv, env, stdin, stdout, stderr, once, off, exit, vectors });
  process.exitCode = exitCode || (failed ? lost : 0);
} catch (error) {
  // A bug in secret-stages: print the whole stack, with a separate exit code.
  warn(process, `${error instanceof Error ? error.stack : error}`.split('\n'));
  process.exitCode = 70;
}

function writeWhole(text: Buffer, _encoding: string, done: (error?: Error) => void): void {
  try {
    writeFileSync(1, text);
    done();
  } catch (error) {
    done(Object(error));
  }
}

/** The build puts the archive next to the command. */
function vectors(): Buffer {
  return readFileSync(new URL('./vectors.json.br', import.meta.url));
}
