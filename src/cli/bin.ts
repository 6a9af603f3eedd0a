import process from 'node:process';
import { run } from './main.ts';

// A reader of only the head of the output closes the pipe early. That is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`secret-stages: the output cannot be written: ${error.message}\n`);
  process.exit(2);
});

try {
  process.exitCode = await run(process);
} catch (error) {
  // A fault of ours shows itself whole, and must not pass for an answer: 1 means findings.
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 70;
}
