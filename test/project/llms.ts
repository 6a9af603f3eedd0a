import { readFileSync } from 'node:fs';
import ts from 'typescript';
import packageJson from '../../package.json';
import { firstSentence, type PublicName, publicNames } from './api.ts';

/** The code blocks that the chapter of an entry quotes: the manual, and how the block begins. */
const quoted: Readonly<Record<string, readonly (readonly [manual: string, start: string])[]>> = {
  'secret-stages': [
    ['operations', 'import {\n  assignStage,'],
    ['dialects', 'import { awsSecretsManager, bind'],
  ],
  'secret-stages/policy': [['policy', 'import { assignStage, createSecret']],
  'secret-stages/emulator': [['emulator', 'import { createCsmsEmulator }']],
  'secret-stages/testing': [
    ['testing', 'import { currentVersion, previous'],
    ['testing', "import fc from 'fast-check';\nimport { applyAll"],
  ],
};

/** What the signatures do not tell. */
const notes: Readonly<Record<string, () => string>> = {
  'secret-stages/evidence': () => '`evidenceOf(awsSecretsManager)` lists the source and the grade of each rule.',
  'secret-stages/history': () =>
    '`startHistory(state, { at, length: 100 })` keeps the last 100 changes. `record(history, action)`, `undo` and `redo` return the next history.',
  'secret-stages/policy': () => policies(pageOf('policy')),
  'secret-stages/emulator': () => calls,
  'secret-stages/server': () =>
    '`const csms = createCsmsEmulator({ store: await openStore(folder) })` keeps secrets on disk. `const { url, close } = await serve(csms, { port: 8080 })` serves them.',
};

/** What a user of the emulator needs of the API of CSMS. */
const calls = `To send the calls of your service to it in vitest: \`vi.stubGlobal('fetch', csms.fetch)\`. Each request needs an \`X-Auth-Token\`, with any value unless you pass \`credentials\`. Calls:

\`\`\`text
POST /v1/my-project/secrets {"name": "db", "secret_string": "old"}
POST /v1/my-project/secrets/db/versions {"secret_string": "new", "version_stages": ["pending"]}
PUT /v1/my-project/secrets/db/stages/SYSCURRENT {"version_id": "v2"}
DELETE /v1/my-project/secrets/db/stages/pending
GET /v1/my-project/secrets/db/versions
GET /v1/my-project/secrets/db/versions/v2
GET /v1/my-project/secrets/db/stages/SYSCURRENT
\`\`\`

For AWS: \`const { url, close } = await serve(createAwsEmulator())\`, and \`new SecretsManagerClient({ endpoint: url, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } })\`. Any credentials are accepted. \`world.projects['123456789012/us-east-1']\` has the secrets. To rotate, pass \`createAwsEmulator({ rotate: async ({ SecretId, ClientRequestToken, Step }) => {…} })\`; \`await aws.tick()\` runs what is due.`;

/** What assistants get wrong when they guess. The rest of the page is quoted. */
const rules = `- A **stage** marks at most one version. Assigning it to another version moves it. A **dialect** is the rules of one cloud.
- A state is frozen. Never assign to it or push to its lists. Every operation returns the next state: keep that one.
- Pass each time yourself as \`at\`, in epoch milliseconds: \`Date.now()\`, not seconds and not a Date. The model has no clock. Durations are in milliseconds unless their name says days or hours. TIME on the command line is an ISO date.
- Without \`stages\`, \`createVersion\` makes the new version the current one, and the previous stage follows (in clouds that have them). With \`stages\` the new version takes exactly those, and with \`[]\` none.
- \`from\` is the version that must have the stage now, or null for no version. If you omit it, only AWS checks where the stage is.
- Requests are objects: \`assignStage(state, { stage, versionId, at })\`. In JavaScript, unknown fields are ignored.
- \`assignStage\` throws a \`StageRefusedError\` with a \`code\` and a \`refusal\`. Its twin \`tryAssignStage\` takes the same arguments and never throws: it returns \`{ ok: true, state }\` or \`{ ok: false, refusal }\`, so check \`ok\` first. Each operation, \`reduce\`, \`applyAll\` and \`record\` have such a twin; queries and \`check\` throw. \`explain(refusal)\` is a sentence for people.
- The default dialect is that of Huawei Cloud CSMS. A secret of another cloud is refused (WRONG_DIALECT). Functions of \`secret-stages\` take the dialect as their last argument, and options of other entries have a field \`dialect\`. \`bind(awsSecretsManager)\` passes it for you.
- AWS moves a stage only if \`from\` names the version that has it. Its version ids have 32 to 64 characters; if you omit one, the model numbers the version.
- Never put the value of a secret into a state, a name or an action. Keep values elsewhere by version id. To compare them, pass a keyed digest as \`fingerprint\`.
- Read outside data with \`parseSecretState\`, \`parseAction\` or \`parseHistory\` (which return a \`refusal\`), or \`parsePolicy\` or \`importAll\` (which return \`problems\`). They never throw. \`importAll([{ name: 'db.json', json }])\` detects the cloud: pass on what it found with \`check(secret.state, { ...secret, at })\` for each of its \`secrets\`.
- Below, all fields are read-only, \`state\` is a \`SecretState\`, and \`dialect?\` an optional \`Dialect\`. \`dist/*.d.ts\` documents each name and field.`;

/** The package in one page for coding assistants (https://llmstxt.org), made from the sources and the manuals. */
export function llmsText(): string {
  const { name, version } = packageJson;
  const readme = readFileSync('README.md', 'utf8');
  const [summary = ''] = sectionOf(readme, `# ${name}`).split('\n');
  return [
    `# ${name}`,
    `> ${summary}`,
    `This page describes version ${version} for coding assistants: rules, examples, every exported name, and every command.`,
    `\`\`\`sh\nnpm install ${name}\n\`\`\``,
    `## Rules\n\n${terms(readme)}\n${rules}`,
    `## What it does not do\n\n${sectionOf(readme, '## What it does not do').split('\n').slice(0, 4).join('\n')}`,
    `## Manuals\n\n${manuals(readme)}`,
    ...[...publicNames()].map(([entry, names]) => chapterOf(entry, names)),
    `## Command line\n\n${commandLine()}`,
  ]
    .join('\n\n')
    .replaceAll(/\]\((?=src\/|test\/)/g, '](../')
    .concat('\n');
}

/** The terms of the README that the rules do not explain. */
function terms(readme: string): string {
  const model = sectionOf(readme, '## The model in short');
  return (model.match(/^- An? \*\*(secret|version|action)\*\* .*$/gm) ?? []).join('\n');
}

/** The text below a heading, up to the next chapter. */
function sectionOf(page: string, heading: string): string {
  const [, text] = page.split(`${heading}\n\n`);
  if (text === undefined) throw new Error(`There is no heading "${heading}".`);
  return (text.split(/^## /m)[0] ?? '').trim();
}

/** The table of entries in the README, as a list. */
function manuals(readme: string): string {
  const rows = sectionOf(readme, '## Which entry do I need?').matchAll(/^\| (.*) \| (`.*`) \| (.*) \| (.*) \|$/gm);
  const lines = [...rows].map(([, aim, entry, manual, peer]) => {
    return `- ${manual}, ${entry}: ${aim}${peer === '–' ? '' : `. Also install ${peer}`}.`;
  });
  return lines.join('\n');
}

function chapterOf(entry: string, names: readonly PublicName[]): string {
  const blocks = (quoted[entry] ?? []).map(([manual, start]) => blockOf(pageOf(manual), start));
  const note = notes[entry]?.();
  return [`## ${entry}`, ...blocks, ...(note === undefined ? [] : [note]), linesOf(names).join('\n')].join('\n\n');
}

function pageOf(manual: string): string {
  return readFileSync(`src/${manual}/README.md`, 'utf8');
}

/** What a check needs: recorded responses, and a policy. */
function policies(page: string): string {
  const commands = page.match(/aws secretsmanager (?!list-secrets )[a-z].*?(?= --output)/g) ?? [];
  const rules = [...page.matchAll(/^\| `(.*?)` \| .* \| (\w+) \| (.*) \|$/gm)].map(([, id, severity, thresholds]) => {
    return `\`${id}\` ${severity}${thresholds === '–' ? '' : ` (${thresholds})`}`;
  });
  const [, file = ''] = /```json\n(\{ "rules": .*)\n```/.exec(pageOf('cli')) ?? [];
  return `Check secrets of AWS from the output of ${commands.map((command) => `\`${command}\``).join(' and ')}.

Rules of \`pack\`: ${rules.join(', ')}. A policy, for \`parsePolicy\` or a file: \`${file}\`.`;
}

function blockOf(page: string, start: string): string {
  const place = page.indexOf(`\`\`\`ts\n${start}`);
  if (place < 0) throw new Error(`No manual has a block that begins with ${start}.`);
  return page.slice(place, page.indexOf('\n```', place) + 4);
}

/** A line for each name. A try twin is on the line of its function, and types of codes share a line. */
function linesOf(names: readonly PublicName[]): readonly string[] {
  const codes = names.filter(({ doc }) => doc.startsWith('The codes with which'));
  const twins = new Map(names.map((one) => [one.name.replace(/^try(.)/, (_, first) => first.toLowerCase()), one]));
  const lines = names.flatMap((one) => {
    const twin = twins.get(one.name) ?? one;
    if (codes.includes(one) || (/^try[A-Z]/.test(one.name) && twin === one)) return [];
    const heads = [
      ...one.declarations.map((declaration) => headOf(one.name, declaration)),
      ...(twin === one ? [] : [shortHeadOf(twin)]),
    ];
    return `- ${heads.map((head) => `\`${head}\``).join(', ')}${purposeOf(one, heads)}`;
  });
  if (codes.length === 0) return lines;
  return [
    ...lines,
    `- ${codes.map(({ name }) => `\`${name}\``).join(', ')}: the codes with which the function of that name refuses.`,
  ];
}

/** The first sentence of a doc comment. A type that shows its fields needs none. */
function purposeOf({ declarations: [declaration], doc }: PublicName, heads: readonly string[]): string {
  const isType = declaration && (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration));
  return isType && heads.some((head) => head.endsWith('}')) ? '' : ` ${firstSentence(doc)}`;
}

const printer = ts.createPrinter({ removeComments: true });

function print(node: ts.Node | undefined): string {
  if (!node) return '';
  return printer
    .printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\breadonly /g, '')
    .replaceAll(/\bReadonly<(Record<[^<>]*>)>/g, '$1')
    .replaceAll(/(\?: [^;]*?) \| undefined(?=;)/g, '$1')
    .replaceAll('; }', ' }');
}

/** A declaration without its body, in one line. */
function headOf(name: string, declaration: ts.Declaration): string {
  if (ts.isFunctionDeclaration(declaration)) {
    const { parameters, typeParameters = [], type } = declaration;
    const generics = typeParameters.length > 0 ? `<${typeParameters.map(print).join(', ')}>` : '';
    return `${name}${generics}(${parameters.map(parameterOf).join(', ')}): ${print(type)}`;
  }
  if (ts.isVariableDeclaration(declaration)) return `${name}: ${print(declaration.type)}`;
  if (ts.isClassDeclaration(declaration)) return `class ${name} extends Error`;
  const head = print(declaration)
    .replace(/^export (interface|type) /, '')
    .replace(/;$/, '');
  // Of a long type, the page shows only the names of its fields; of a very long one, not even these.
  const fields =
    ts.isInterfaceDeclaration(declaration) && declaration.members.map(({ name }) => print(name)).join(', ');
  if (fields === false || head.length < 500) return head;
  return `${name} { ${fields.length < 400 ? fields : '…'} }`;
}

/** The state and the dialect are in most functions, so their names stand for their types. */
function parameterOf({ name, type, questionToken, initializer }: ts.ParameterDeclaration): string {
  const shown = print(type);
  const lastWord = /^[A-Z]\w*?([A-Z][a-z]+)?$/.exec(shown)?.[1] ?? (/^\w+$/.test(shown) ? shown : 'options');
  const called = ts.isIdentifier(name) ? name.text : lastWord.toLowerCase();
  const optional = questionToken || initializer ? '?' : '';
  const isUsual = ['state: SecretState', 'dialect: Dialect'].includes(`${called}: ${shown}`);
  return isUsual ? `${called}${optional}` : `${called}${optional}: ${shown}`;
}

function shortHeadOf({ name, declarations: [declaration] }: PublicName): string {
  return `${name}(…): ${declaration && ts.isFunctionDeclaration(declaration) ? print(declaration.type) : ''}`;
}

/** The commands with their options and examples, from the manual that is made from their data. */
function commandLine(): string {
  const page = pageOf('cli');
  const [, ...chapters] = page.split(/^## (?=secret-stages )/m);
  const commands = chapters.map((chapter) => {
    const [, usage = ''] = /```text\n(.*?)(?: \[OPTION…\])?\n```/.exec(chapter) ?? [];
    const [, about = ''] = /```\n\n(.*?\.(?: FILE is .*?\.)?)(?: |\n)/.exec(chapter) ?? [];
    const [, list = ''] = /### Options\n\n((?:- .*\n)+)/.exec(chapter) ?? [];
    const options = [...list.matchAll(/^- (`.*?`): .*?(?:: ([^:]*) )?(\(default: .*?\))?\./gm)].map(
      ([, option, choices, usual]) => [option, usual && choices, usual].filter(Boolean).join(' '),
    );
    return `- \`npx ${usage}\` ${about}${options.length > 0 ? ` Options: ${options.join(', ')}.` : ''}`;
  });
  const examples = [...page.matchAll(/### Examples\n\n```sh\n(.*)/g)].map(([, first]) => first);
  const codes = [...sectionOf(page, '## Exit codes of every command').matchAll(/^\| (\d+) \| (.*) \|$/gm)];
  return [
    '`npx secret-stages help COMMAND` explains the options of a command.',
    commands.join('\n'),
    `\`\`\`sh\n${examples.join('\n').replaceAll(/^/gm, 'npx ')}\n\`\`\``,
    `Exit codes: ${codes.map(([, code, meaning]) => `${code} ${meaning}`).join('. ')}.`,
  ].join('\n\n');
}
