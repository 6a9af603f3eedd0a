import { randomUUID } from 'node:crypto';
import { projectId } from '../api/csms/index.ts';
import type { Conformance, SecretDriver } from '../testing/index.ts';
import { asJson, grouped, printable, quote } from '../text.ts';
import type { Command, Options } from './command.ts';
import { checkOutputs, writeFile } from './files/write-file.ts';
import { type Host, print, UsageError } from './host.ts';
import { readNumber, readOptions } from './options.ts';
import { shellWord } from './shell.ts';
import { startProgress } from './terminal/progress.ts';
import { terminalOf } from './terminal/terminal.ts';
import { warn } from './terminal/warn.ts';
import { wrap } from './terminal/wrap.ts';
import { watchDriver } from './watched-driver.ts';

const options = {
  project: { value: 'ID', about: 'the project to create secrets in; required' },
  token: {
    value: 'TOKEN',
    about: 'the X-Auth-Token; if omitted, the environment variable CSMS_TOKEN',
    more: 'Other users of the machine can read your command line, so prefer `CSMS_TOKEN`.',
  },
  runs: { value: 'N', about: 'the number of secrets to test; if omitted, 200, with about 30,000 requests' },
  seed: { value: 'N', about: 'repeats the calls of the report with this seed' },
  path: { value: 'PATH', about: 'with --seed: goes straight to the calls that broke a law' },
  junit: { value: 'FILE', about: 'writes JUnit XML with a test case for each law' },
  json: { about: 'prints the result as JSON' },
} as const satisfies Options;

export const conform: Command = {
  name: 'conform',
  takes: 'URL --project ID',
  summary: 'compares a live endpoint of the CSMS API with the model, law by law',
  about:
    'It makes random calls on secrets of its own. For a broken law, it prints the shortest sequence of calls that it found.',
  options,
  examples: ['conform http://127.0.0.1:8080 --project my-project --runs 20'],
  details: `### What it touches

The names of its secrets begin with \`conform-\` and 8 random characters. It touches no other secrets. It deletes its own permanently, even after
Ctrl-C, and lists any that it could not delete. It stops if an answer takes over 30 seconds, and reads at most 4 MiB of each.`,

  run: async (host, args) => {
    const request = readRequest(host, args);
    const { url, project, token, runs, seed, path, junit, json } = request;
    if (junit !== undefined) checkOutputs([], [junit]);
    // Imported only here, so that no other command loads what makes random calls.
    const { checkConformance, fetchDriver } = await import('../testing/index.ts');
    const prefix = `conform-${randomUUID().slice(0, 8)}`;
    const terminal = terminalOf(host);
    const progress = startProgress(host);
    let requests = 0;
    const counting = (send: (request: Request) => Promise<Response>) => (request: Request) => {
      progress.show(`${grouped(++requests)} requests made`);
      return send(request);
    };
    const watch = watchDriver((send) => fetchDriver(url, { project, token, fetch: counting(send) }));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      host.once(signal, () => {
        watch.stop(new Stopped(signal));
        progress.end();
        warn(host, [`${signal}: deleting the secrets of this run. Stop it again to leave them.`]);
      });
    }
    const greeting = `${printable(url)} is compared with the model, on secrets ${prefix}-… of its own.\n\n`;
    if (!json) await print(host, wrap(greeting, terminal));

    let found: Conformance | undefined;
    try {
      await probe(watch.driver, `${prefix}-probe`).catch(watch.stop);
      if (watch.end === undefined) {
        found = await checkConformance(watch.driver, { runs, seed, path, prefix }).catch((error: unknown) => {
          if (path === undefined) throw error;
          return undefined;
        });
        if (!found?.runs && watch.end === undefined)
          throw new UsageError(`--path ${path} leads nowhere: take it and --seed from one report`);
      }
    } finally {
      const names = (await watch.removeAll()).map((name) => `  ${name}`);
      progress.end();
      if (names.length > 0)
        warn(host, [`These secrets may still be in project ${project}. If they are, delete them:`, ...names]);
    }
    if (watch.end instanceof Stopped) {
      warn(host, [`secret-stages: stopped by ${watch.end.message} before the end, so there is no result`]);
      return 2;
    }
    if (found === undefined || watch.end !== undefined) {
      const reason = withoutToken(`${watch.end}`.replace(/^\w*Error: /, ''), token);
      throw new UsageError(`${url} cannot be compared with the model`, [reason, advice]);
    }

    const again = commandFor(request, found);
    const { drawConformance } = await import('./draw/draw-conformance.ts');
    await print(
      host,
      json
        ? `${withoutToken(asJson(found), token)}\n`
        : drawConformance(found, again, terminal, (text) => withoutToken(text, token)),
    );
    if (junit !== undefined) {
      const { junitOf } = await import('./junit.ts');
      writeFile(junit, withoutToken(junitOf(url, found, again), token));
    }
    return found.ok ? 0 : 1;
  },
};

const advice =
  'Check that the endpoint runs at this URL, and that the token (CSMS_TOKEN) is valid for the project and may create, change and delete secrets.';

const readRequest = ({ env }: Host, args: readonly string[]) => {
  const { values, positionals } = readOptions('conform', args, options);
  const { project, token = env['CSMS_TOKEN'], path, junit, json } = values;
  const [url = '', ...others] = positionals;
  if (url === '' || others.length > 0)
    throw new UsageError(
      positionals.length === 0
        ? 'URL is missing; pass an endpoint, such as http://127.0.0.1:8080'
        : `conform takes one URL; got ${positionals.length}`,
    );
  if (project === undefined) throw new UsageError('conform needs --project ID, the project to create secrets in');
  if (!projectId.test(project)) {
    throw new UsageError(`--project must be an id of 1 to 64 characters that can be read; got ${quote(project)}`);
  }
  // The generator takes 32 bits; of a longer one it would take others than were given.
  const is32Bits = (number: number) => number === (number | 0);
  const seed = numberIn('--seed', values.seed, is32Bits, 'a whole number of 32 bits');
  if (path !== undefined && seed === undefined)
    throw new UsageError('--path needs the --seed that was reported with it');
  const isCount = (number: number) => number >= 1 && number <= 999_999_999;
  const runs = numberIn('--runs', values.runs, isCount, 'a whole number from 1');
  const endpoint = endpointIn(url);
  if (!token) throw new UsageError('conform needs a token: set CSMS_TOKEN, or pass --token TOKEN');
  // The message of fetch about such a header would show it.
  if (!/^[!-~]+$/.test(token)) {
    throw new UsageError(
      'the token has a character that is invalid in a header, such as a space or a line break at its end',
    );
  }
  return { url: endpoint, project, token, runs, seed, path, junit, json };
};

const numberIn = (flag: string, given: string | undefined, isValid: (number: number) => boolean, rule: string) =>
  given === undefined ? undefined : readNumber(flag, given, isValid, rule);

/** A password in a URL is nothing to show, so what is refused is not said again. */
const endpointIn = (given: string): string => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isBare = url && /^https?:$/.test(url.protocol) && !`${url.username}${url.password}${url.search}${url.hash}`;
  if (isBare) return url.href.replace(/\/+$/, '');
  throw new UsageError(
    'URL must be an http or https endpoint without a user, query or fragment, such as http://127.0.0.1:8080',
  );
};

/**
 * Text without the token, because an endpoint may repeat what it was sent. A short one is left: an emulator that takes any token
 * is not given a secret, and it could be a part of any word.
 */
const withoutToken = (text: string, token: string): string =>
  token.length < 16 ? text : text.replaceAll(token, '(the token)');

/** The system asked it to end; the message is the signal. */
class Stopped extends Error {}

/** Makes, shows and removes a secret. Where that fails nothing is begun, or it would leave its secrets behind. */
const probe = async (driver: SecretDriver, secret: string): Promise<void> => {
  const answer = await driver.create(secret, Date.now());
  if (!answer.ok) throw new Error(`The endpoint refused to create the secret ${secret}: ${answer.said}.`);
  await driver.show(secret);
  await driver.remove(secret);
};

/** The command that makes the same calls again. It leaves out the token, which is taken from where it came from. */
const commandFor = ({ url, project, runs }: ReturnType<typeof readRequest>, found: Conformance): string =>
  [
    `secret-stages conform ${shellWord(url)} --project=${shellWord(project)}`,
    ...(runs === undefined ? [] : [`--runs=${runs}`]),
    `--seed=${found.seed}`,
    ...(found.ok ? [] : [`--path=${found.path}`]),
  ].join(' ');
