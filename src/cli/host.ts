import { once } from 'node:events';

/** What the command line takes of its process. */
export type Host = Pick<NodeJS.Process, 'argv' | 'env'> & {
  readonly once: (signal: NodeJS.Signals, listener: () => void) => unknown;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean };
  readonly stderr: NodeJS.WritableStream;
};

/** Something that the user has to say otherwise. */
export class UsageError extends Error {}

export const print = async ({ stdout }: Host, text: string): Promise<void> => {
  if (!stdout.write(text)) await once(stdout, 'drain');
};
