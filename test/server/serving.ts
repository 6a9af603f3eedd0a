import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { onTestFinished } from 'vitest';

/** The built command, serving in a process of its own. */
export interface Serving {
  readonly url: string;
  readonly process: ChildProcess;
  /** Its output after the first line. It is read and thrown away. */
  readonly stdout: Readable;
  /** Sends a signal; resolves to the exit code, null if the signal ended it. */
  readonly end: (signal: NodeJS.Signals) => Promise<number | null>;
}

/** Starts the command. It is killed when the test ends. */
export const startServing = async (...args: readonly string[]): Promise<Serving> => {
  const child = spawn('node', ['dist/cli.js', 'serve', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code]): number | null => code);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  onTestFinished(() => end('SIGKILL').then(() => {}));
  const lines = createInterface(child.stdout);
  const [first] = await Promise.race([once(lines, 'line'), ended.then((code) => [`it ended with ${code}`])]);
  const [, url] = /^Emulating (?:CSMS|AWS Secrets Manager) on (\S+)$/.exec(first) ?? [];
  if (url === undefined) throw new Error(`No address, but: ${first}`);
  // Read on and thrown away, or the pipe would be full at some time.
  child.stdout.resume();
  return { url, process: child, stdout: child.stdout, end };
};

/** A new folder. It is removed when the test ends. */
export const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-stages-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

/** Calls the API at an address as a client would; the body that it answers with, and its status. */
export const callAt = async (
  url: string,
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly body: unknown }> => {
  const response = await fetch(`${url}/v1/p/secrets${path}`, {
    method,
    headers: { 'x-auth-token': 'any' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
};
