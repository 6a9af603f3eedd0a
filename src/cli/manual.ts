import { type Command, commonOptions, exitCodes, type Options } from './command.ts';
import { capitalized, commandIn, rowsOf, synopsisOf } from './help.ts';
import { print } from './host.ts';
import { readOptions } from './options.ts';

export const manual: Command = {
  name: 'manual',
  takes: '[COMMAND]',
  summary: 'prints the manual, or the part about a command, in Markdown',
  options: {},
  examples: ['manual check', 'manual > secret-stages.md'],

  run: async (host, args, commands) => {
    const command = commandIn('manual', readOptions('manual', args, {}).positionals, commands);
    await print(host, command ? chapterOf(command) : manualOf(commands));
    return 0;
  },
};

/** The manual of the command line: all that the definitions of the commands say. */
export function manualOf(commands: readonly Command[]): string {
  const contents = commands.map(
    ({ name, summary }) => `| [\`${name}\`](#secret-stages-${name}) | ${capitalized(summary)}. |`,
  );
  return [
    `# The command line

\`npx secret-stages COMMAND\` runs a command. \`secret-stages help COMMAND\` shows how to use it.

| command | what it does |
| --- | --- |
${contents.join('\n')}

## Options of every command

${listOf(commonOptions)}

Options can come before or after the command. \`--\` ends them. Separate an option from its value with a space or \`=\`:
\`--format json\`, \`--format=json\`. Use \`=\` for a value that begins with a hyphen.

## Exit codes

| code | meaning |
| --- | --- |
${exitCodes.map((row) => `| ${row.join(' | ')} |`).join('\n')}

These are the exit codes of every command. Cutting the output short, as in \`secret-stages check recordings | head -1\`, does not change
the exit code.

## Environment

| variable | meaning |
| --- | --- |
| \`NO_COLOR\` | If it is not empty, the output has no colours. |
| \`FORCE_COLOR\` | Colours the output, even outside a terminal. \`0\` and \`false\` turn colours off. |
| \`TERM\` | If it is \`dumb\`, the output has no colours. |
| \`CSMS_TOKEN\` | The token of \`conform\`. |

\`--color\` and \`--no-color\` take precedence over the environment, and \`NO_COLOR\` over \`FORCE_COLOR\`.
`,
    ...commands.map(chapterOf),
  ].join('\n');
}

/** The part of the manual that is about a command. */
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
