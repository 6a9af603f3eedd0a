import { quote, shellQuoted } from '../text.ts';
import { type Command, commonOptions, type Option, type Options } from './command.ts';
import { print, UsageError } from './host.ts';
import { readOptions } from './options.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

export const completion: Command = {
  name: 'completion',
  takes: 'SHELL',
  suggested: shells,
  summary: 'print a script for bash, zsh or fish that completes commands, options and files',
  options: {},
  examples: shells.map((shell) => `completion ${shell}`),
  details: `Install the package on your PATH, for example with \`npm install --global secret-stages\`. Then load the script whenever a shell starts:

| shell | what to do |
| --- | --- |
| bash | Add \`source <(secret-stages completion bash)\` to \`~/.bashrc\`. |
| zsh | Add \`source <(secret-stages completion zsh)\` to \`~/.zshrc\`, after \`compinit\`. |
| fish | Run \`secret-stages completion fish > ~/.config/fish/completions/secret-stages.fish\`. |

In fish, run the command again after every update.`,

  run: async (host, args, commands) => {
    const [given = '', ...others] = readOptions('completion', args, {}).positionals;
    const shell = shells.find((one) => one === given);
    if (others.length > 0 || given === '') throw new UsageError(`completion takes one SHELL: ${shells.join(', ')}.`);
    if (shell === undefined) throw new UsageError(`${quote(given)} is not supported. Use one of ${shells.join(', ')}.`);
    await print(host, scriptFor(shell, commands));
    return 0;
  },
};

function scriptFor(shell: (typeof shells)[number], commands: readonly Command[]): string {
  if (shell === 'bash') return bashScript(commands);
  return shell === 'zsh' ? zshScript(commands) : fishScript(commands);
}

/** If the script suggests nothing, bash suggests files. */
function bashScript(commands: readonly Command[]): string {
  const names = namesOf(commands);
  const values = commands.flatMap(({ name, options }) =>
    Object.entries(options).flatMap(([option, { choices, suggested }]) => {
      const words = choices ?? suggested;
      return words ? [`    '${name} --${option}') words='${words.join(' ')}' ;;`] : [];
    }),
  );
  const options = commands.map((command) => `    '${command.name} '-*) words='${flagsOf(command).join(' ')}' ;;`);
  const positionals = commands.flatMap((command) => {
    const words = wordsOf(command, commands);
    return words.length > 0 ? [`    '${command.name} '*) words='${words.join(' ')}' ;;`] : [];
  });
  return `# Completes secret-stages in bash.
_secret_stages() {
  local command= words= word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} i
  # For bash, the = of --option=value is a separate word.
  if [[ $word == '=' ]]; then word=; elif [[ $before == '=' ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${names.join('|')}) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  case "$command $before" in
${values.join('\n')}
  esac
  [[ -z $words ]] && case "$command $word" in
    ' -'*) words='${optionNames(commonOptions).join(' ')}' ;;
    ' '*) words='${names.join(' ')}' ;;
${options.join('\n')}
${positionals.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _secret_stages secret-stages
`;
}

function zshScript(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const specs = [...zshOptions(command.options), ...zshOptions(commonOptions), zshArgument(command, commands)];
    return `        ${command.name})\n          _arguments ${specs.join(' \\\n            ')} ;;`;
  });
  const described = commands.map(
    ({ name, summary }) => `    ${shellQuoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`,
  );
  return `#compdef secret-stages
# Completes secret-stages in zsh.
_secret_stages() {
  local curcontext=$curcontext state line
  local -a commands=(
${described.join('\n')}
  )
  _arguments -C ${zshOptions(commonOptions).join(' ')} '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
${cases.join('\n')}
      esac ;;
  esac
}
_secret_stages_or_file() { _alternative "values:value:($*)" 'files:file:_files' }
if [[ $funcstack[1] == _secret_stages ]]; then _secret_stages "$@"; else compdef _secret_stages secret-stages; fi
`;
}

function zshOptions(options: Options): readonly string[] {
  return Object.entries(options).map(([name, option]) => {
    const { value, about, repeats } = option;
    const description = `[${about.replaceAll(/[\\:[\]]/g, '\\$&')}]`;
    const action = value === undefined ? '' : `:${value}:${zshValues(option)}`;
    return shellQuoted(`${repeats ? '*' : ''}--${name}${value === undefined ? '' : '='}${description}${action}`);
  });
}

function zshValues({ choices, suggested, value = '' }: Pick<Option, 'choices' | 'suggested' | 'value'>): string {
  if (choices) return `(${choices.join(' ')})`;
  // The space keeps zsh from adding arguments.
  if (suggested) return ` _secret_stages_or_file ${suggested.join(' ')}`;
  if (value === 'DIR') return '_files -/';
  return value === 'FILE' ? '_files' : ' ';
}

function zshArgument(command: Command, commands: readonly Command[]): string {
  const suggested = wordsOf(command, commands);
  if (suggested.length === 0) return shellQuoted(`*:argument:${takesFiles(command) ? '_files' : ' '}`);
  return shellQuoted(`*:argument:${takesFiles(command) ? zshValues({ suggested }) : `(${suggested.join(' ')})`}`);
}

function fishScript(commands: readonly Command[]): string {
  const names = namesOf(commands);
  const none = `not __fish_seen_subcommand_from ${names.join(' ')}`;
  const lines = commands.flatMap((command) => {
    const seen = `__fish_seen_subcommand_from ${command.name}`;
    const words = wordsOf(command, commands);
    return [
      fishLine(none, `-a ${command.name} -d ${shellQuoted(command.summary)}`),
      ...Object.entries(command.options).map(([name, option]) => fishLine(seen, fishOption(name, option))),
      ...(words.length > 0 ? [fishLine(seen, `-a ${shellQuoted(words.join(' '))}`)] : []),
      ...(takesFiles(command) ? [fishLine(seen, '-F')] : []),
    ];
  });
  const common = Object.entries(commonOptions).map(
    ([name, option]) => `complete -c secret-stages ${fishOption(name, option)}`,
  );
  return ['# Completes secret-stages in fish.', 'complete -c secret-stages -f', ...common, ...lines, ''].join('\n');
}

function fishLine(condition: string, completes: string): string {
  return `complete -c secret-stages -n ${shellQuoted(condition)} ${completes}`;
}

function fishOption(name: string, { value, about, short, choices, suggested }: Option): string {
  const words = choices ?? suggested;
  const files = choices || !(suggested || value === 'FILE' || value === 'DIR') ? '-x' : '-r -F';
  return [
    ...(short === undefined ? [] : [`-s ${short}`]),
    `-l ${name}`,
    ...(value === undefined ? [] : [files]),
    ...(words ? [`-a ${shellQuoted(words.join(' '))}`] : []),
    `-d ${shellQuoted(about)}`,
  ].join(' ');
}

function namesOf(commands: readonly Command[]): readonly string[] {
  return commands.map(({ name }) => name);
}

function flagsOf({ options }: Command): readonly string[] {
  return optionNames({ ...options, ...commonOptions });
}

function optionNames(options: Options): readonly string[] {
  return Object.keys(options).map((name) => `--${name}`);
}

/** The arguments that completion suggests besides options. */
function wordsOf({ takes, suggested = [] }: Command, commands: readonly Command[]): readonly string[] {
  return takes.includes('COMMAND') ? namesOf(commands) : suggested;
}

function takesFiles({ takes }: Command): boolean {
  return /FILE|CLOUD|DIR/.test(takes);
}
