import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { counted, printable, shellWord } from '../text.ts';
import type { Command } from './command.ts';
import { writeFolder } from './files/write-file.ts';
import { type Host, print, UsageError } from './host.ts';
import { readOptions } from './options.ts';

export const vectors: Command = {
  name: 'vectors',
  takes: 'DIR',
  summary: 'write the test vectors to a new folder, for an implementation in any language',
  about:
    'A vector is a test case as JSON: a secret, an action, and the expected result. DIR also gets a runner in Python and a manual.',
  options: {},
  examples: ['vectors stage-vectors'],
  details: `DIR must not exist yet. It is written completely or not at all. Its \`README.md\` explains the format and how to write a runner.`,

  run: async (host, args) => {
    const { positionals } = readOptions('vectors', args, {});
    const [folder = '', ...others] = positionals;
    if (positionals.length === 0 || others.length > 0)
      throw new UsageError(`vectors takes one DIR; got ${positionals.length}.`);
    if (folder === '') throw new UsageError('DIR is empty. Pass the path of a new folder.');
    const files = filesOf(host);
    writeFolder(folder, files);
    const pathOf = (file: string) => join(folder, file).replace(/^-/, './-');
    const command = `python3 ${shellWord(pathOf('runner.py'))}`;
    // A command that had to be escaped would not run.
    const way = printable(command) === command ? `, or run all cases:\n  ${command}\n` : '.\n';
    await print(host, `Wrote ${counted(files.length, 'file')}. Read ${printable(pathOf('README.md'))}${way}`);
    return 0;
  },
};

/** The files in the archive of the package, as paths and texts. */
function filesOf({ vectors }: Host): readonly (readonly [path: string, text: string])[] {
  try {
    const files: Readonly<Record<string, unknown>> = JSON.parse(brotliDecompressSync(vectors()).toString());
    return Object.entries(files).map(([path, content]) => [
      path,
      typeof content === 'string' ? content : textOf(content),
    ]);
  } catch (error) {
    const advice = 'The archive of vectors in this package cannot be read. Install the package again.';
    throw new UsageError(advice, [`${error}`]);
  }
}

function textOf(json: unknown): string {
  return `${JSON.stringify(json, null, 2)}\n`;
}
