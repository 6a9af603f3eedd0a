import { type Command, commonOptions, exitCodesOf, type Options } from './command.ts';
import { capitalized, commandIn, rowsOf, synopsisOf } from './help.ts';
import { print } from './host.ts';
import { readOptions } from './options.ts';

export const manual: Command = {
  name: 'manual',
  takes: '[COMMAND]',
  summary: 'print the manual, or the part about a command, in Markdown',
  options: {},
  examples: ['manual check', 'manual > secret-stages.md'],

  run: async (host, args, commands) => {
    const command = commandIn('manual', readOptions('manual', args, {}).positionals, commands);
    await print(host, command ? chapterOf(command) : manualOf(commands));
    return 0;
  },
};

/** The manual of the command line, from the definitions of the commands. */
export function manualOf(commands: readonly Command[]): string {
  const contents = commands.map(
    ({ name, summary }) => `| [\`${name}\`](#secret-stages-${name}) | ${capitalized(summary)}. |`,
  );
  return [
    `# The command line

\`npx secret-stages COMMAND\` runs a command. \`npx secret-stages help COMMAND\` prints its options and examples.

| command | what it does |
| --- | --- |
${contents.join('\n')}

## Options of every command

${listOf(commonOptions)}

Options can come before or after the command. Arguments after \`--\` are not options. Separate an option from its value with a space or \`=\`:
\`--format json\` or \`--format=json\`. Use \`=\` for a value that begins with a hyphen.

## Exit codes of every command

| code | meaning |
| --- | --- |
${exitCodesOf(commands)
  .map((row) => `| ${row.join(' | ')} |`)
  .join('\n')}

If another program closes the pipe, as in \`secret-stages check recordings | head -1\`, the exit code does not change.

## Environment

| variable | meaning |
| --- | --- |
| \`NO_COLOR\` | Turns colours off, unless it is empty. |
| \`FORCE_COLOR\` | Turns colours on, even outside a terminal. \`0\` and \`false\` turn them off. |
| \`TERM\` | The value \`dumb\` turns colours off. |
| \`CSMS_TOKEN\` | The token that \`conform\` sends, and that the commands of remedies send. |

\`--color\` and \`--no-color\` take precedence over all of these, and \`NO_COLOR\` over \`FORCE_COLOR\`.
`,
    ...commands.map(chapterOf),
  ].join('\n');
}

/** The part of the manual about a command. */
function chapterOf(command: Command): string {
  const { name, summary, about, options, examples, details } = command;
  return [
    `## secret-stages ${name}`,
    ['```text', synopsisOf(command), '```'].join('\n'),
    `${capitalized(summary)}. ${about ?? ''}`.trim(),
    ...(Object.keys(options).length > 0 ? ['### Options', listOf(options)] : []),
    ...(details === undefined ? [] : [details]),
    '### Examples',
    ['```sh', ...examples.map((line) => `secret-stages ${line}`), '```'].join('\n'),
    '',
  ].join('\n\n');
}

function listOf(options: Options): string {
  const lines = Object.entries(options).flatMap(([name, option]) => {
    const { more } = option;
    return rowsOf({ [name]: option }).map(
      ([usage, about]) => `- \`${usage}\`: ${about}.${more === undefined ? '' : ` ${more}`}`,
    );
  });
  return lines.join('\n');
}
