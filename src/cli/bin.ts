import { fstatSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { Writable } from 'node:stream';
import { run } from './main.ts';
import { warn } from './terminal/warn.ts';

/** The exit code where the output could not be written, and the verdict would have been 0. */
const lost = 141;

/** Standard output. Of a text for a file, Node may write only the beginning, and report no error. */
const stdout = fstatSync(1).isFile() ? new Writable({ write: writeWhole }) : process.stdout;

let failed = false;
stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that wants no more, such as `head`, is not an error.
  if (error.code === 'EPIPE' || failed) return;
  failed = true;
  process.exitCode ||= lost;
  process.stderr.write(`secret-stages: the output could not be written (${error.code}). Is the disk full?\n`);
});
// What cannot be said must not change the verdict.
process.stderr.on('error', () => undefined);

try {
  const { argv, env, stdin, stderr } = process;
  const verdict = await run({ argv, env, stdin, stdout, stderr, once: process.once.bind(process) });
  process.exitCode = verdict || (failed ? lost : 0);
} catch (error) {
  // A fault of ours shows itself whole, and must not pass for a verdict.
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
