import { randomUUID } from 'node:crypto';
import { projectId } from '../api/http.ts';
import { wrap } from '../drawing/wrap.ts';
import type { Conformance, SecretDriver } from '../testing/index.ts';
import { asJson, grouped, printable, quote, shellWord } from '../text.ts';
import { type Command, formatOption, type Options } from './command.ts';
import { checkOutputs, writeFile } from './files/write-file.ts';
import { type Host, print, UsageError } from './host.ts';
import { readNumber, readOptions, type Values } from './options.ts';
import { startProgress } from './terminal/progress.ts';
import { terminalOf } from './terminal/terminal.ts';
import { warn } from './terminal/warn.ts';
import { watchDriver } from './watched-driver.ts';

const options = {
  cloud: {
    value: 'CLOUD',
    choices: ['huawei-csms', 'aws-secrets-manager'],
    usual: 'huawei-csms',
    about: 'use the API of CLOUD',
  },
  project: { value: 'ID', about: 'CSMS: create secrets in the project with this ID; required' },
  token: {
    value: 'TOKEN',
    about: 'CSMS: send this X-Auth-Token; if omitted, the environment variable CSMS_TOKEN',
    more: 'Other users of the machine can read your command line, so prefer `CSMS_TOKEN`.',
  },
  region: { value: 'REGION', about: 'AWS: create secrets in REGION; if omitted, us-east-1' },
  runs: { value: 'N', about: 'test with N secrets; if omitted, 200, with about 30,000 requests (AWS: 10,000)' },
  seed: { value: 'N', about: 'repeat the calls of the report with this seed' },
  path: { value: 'PATH', about: 'with --seed: begin at the calls that broke a law' },
  junit: { value: 'FILE', about: 'write JUnit XML to FILE, with a test case for each law' },
  format: formatOption('json'),
} as const satisfies Options;

export const conform: Command = {
  name: 'conform',
  takes: 'URL',
  summary: 'compare a live endpoint of a cloud API with the model, law by law',
  about:
    'It creates test secrets and makes random calls on them. If a law is broken, it prints the shortest sequence of calls found that breaks it.',
  options,
  failure: 'a broken law',
  examples: [
    'conform http://127.0.0.1:8080 --project my-project --runs 20',
    'conform http://127.0.0.1:4566 --cloud aws-secrets-manager --runs 20',
  ],
  details: `### What it touches

\`conform\` touches only the secrets that it creates. Their names begin with \`conform-\` and 8 random characters. It deletes them permanently
at the end, even after Ctrl-C, and lists those that it could not delete. It stops if a response takes more than 30 seconds, and reads
at most 4 MiB of each response.

### AWS Secrets Manager

With \`--cloud aws-secrets-manager\` the requests have no valid signature. Emulators accept that, AWS itself does not. To check an endpoint that
needs a signature, use [\`awsDriver\`](../testing/README.md#test-an-emulator-of-aws-secrets-manager) with a \`fetch\` that signs.`,

  run: async (host, args) => {
    const request = readRequest(host, args);
    const { url, place, connect, token, runs, seed, path, junit, isJson } = request;
    if (junit !== undefined) checkOutputs([], [junit]);
    // Imported here, so that other commands do not load it.
    const { awsDriver, checkConformance, fetchDriver } = await import('./test-kit.ts');
    const prefix = `conform-${randomUUID().slice(0, 8)}`;
    const terminal = terminalOf(host);
    const progress = startProgress(host);
    let requests = 0;
    const counting = (send: (request: Request) => Promise<Response>) => (request: Request) => {
      progress.show(`${grouped(++requests)} requests made`);
      return send(request);
    };
    const watch = watchDriver((send) => connect({ awsDriver, fetchDriver }, counting(send)));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      host.once(signal, () => {
        watch.stop(new Stopped(signal));
        progress.end();
        warn(host, [`${signal}: deleting the secrets of this run. Send it again to exit without deleting them.`]);
      });
    }
    const greeting = `Comparing ${printable(url)} with the model. The names of the test secrets begin with ${prefix}.\n\n`;
    if (!isJson) await print(host, wrap(greeting, terminal));

    let found: Conformance | undefined;
    try {
      await probe(watch.driver, `${prefix}-probe`).catch(watch.stop);
      if (watch.end === undefined) {
        found = await checkConformance(watch.driver, { runs, seed, path, prefix }).catch((error: unknown) => {
          if (path === undefined) throw error;
          return undefined;
        });
        if (!found?.runs && watch.end === undefined)
          throw new UsageError(`--path ${path} does not belong to --seed ${seed}. Take both from the same report.`);
      }
    } finally {
      const names = (await watch.removeAll()).map((name) => `  ${name}`);
      progress.end();
      if (names.length > 0) warn(host, [`These secrets may still exist in ${place}. If so, delete them:`, ...names]);
    }
    if (watch.end instanceof Stopped) {
      warn(host, [`secret-stages: Stopped by ${watch.end.message} before the end. There is no result.`]);
      return 2;
    }
    if (found === undefined || watch.end !== undefined) {
      const reason = withoutToken(`${watch.end}`.replace(/^\w*Error: /, ''), token);
      throw new UsageError(`${url} could not be compared with the model.`, [reason, request.advice]);
    }

    const again = commandFor(request, found);
    const { drawConformance } = await import('./draw/draw-conformance.ts');
    await print(
      host,
      isJson
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

const readRequest = ({ env }: Host, args: readonly string[]) => {
  const { values, positionals } = readOptions('conform', args, options);
  const { path, junit } = values;
  const [url = '', ...others] = positionals;
  if (url === '' || others.length > 0)
    throw new UsageError(
      positionals.length === 0
        ? 'The URL is missing. Pass an endpoint, such as http://127.0.0.1:8080.'
        : `conform takes one URL; got ${positionals.length}.`,
    );
  const endpoint = endpointIn(url);
  const connection = values.cloud === 'huawei-csms' ? csmsAt(endpoint, values, env) : awsAt(endpoint, values);
  // The generator uses only 32 bits of a seed.
  const is32Bits = (number: number) => number === (number | 0);
  const seed = numberIn('--seed', values.seed, is32Bits, 'a 32-bit whole number');
  if (path !== undefined && seed === undefined)
    throw new UsageError('--path needs --seed. Take both from the same report.');
  const isCount = (number: number) => number >= 1 && number <= 999_999_999;
  const runs = numberIn('--runs', values.runs, isCount, 'a whole number from 1 to 999999999');
  return { ...connection, url: endpoint, runs, seed, path, junit, isJson: values.format === 'json' };
};

type Given = Values<typeof options>;

/** How to speak to an endpoint. */
interface Connection {
  /** Makes the driver. */
  readonly connect: (
    drivers: Pick<typeof import('./test-kit.ts'), 'awsDriver' | 'fetchDriver'>,
    fetch: Send,
  ) => SecretDriver;
  /** Where the secrets are, for a message. */
  readonly place: string;
  /** What must not be shown. */
  readonly token?: string;
  /** The options that choose the endpoint, for the command that repeats the run. */
  readonly flags: readonly string[];
  /** What to check if the endpoint cannot be compared. */
  readonly advice: string;
}
type Send = (request: Request) => Promise<Response>;

/** Reads the options of CSMS. */
const csmsAt = (url: string, { project, token: given, region }: Given, env: Host['env']): Connection => {
  if (region !== undefined)
    throw new UsageError('--region is an option of --cloud aws-secrets-manager. CSMS has none. Omit it.');
  if (project === undefined)
    throw new UsageError('--project is missing. Pass the id of the project to create secrets in.');
  if (!projectId.test(project)) {
    throw new UsageError(`--project must be an id of 1 to 64 printable characters; got ${quote(project)}.`);
  }
  const token = given ?? env['CSMS_TOKEN'];
  if (!token) throw new UsageError('The token is missing. Set CSMS_TOKEN, or pass --token TOKEN.');
  // The error of fetch about an invalid header would show the token.
  if (!/^[!-~]+$/.test(token)) {
    throw new UsageError(
      'The token (CSMS_TOKEN or --token) has a character that is invalid in a header, such as a space or a line break at its end. Remove it.',
    );
  }
  return {
    connect: ({ fetchDriver }, fetch) => fetchDriver(url, { project, token, fetch }),
    place: `project ${project}`,
    token,
    flags: [`--project=${shellWord(project)}`],
    advice:
      'Check that the endpoint runs at this URL, and that the token (CSMS_TOKEN) is valid for the project and may create, change and delete secrets.',
  };
};

/** Reads the options of AWS Secrets Manager. */
const awsAt = (url: string, { cloud, region = 'us-east-1', ...others }: Given): Connection => {
  const foreign = (['project', 'token'] as const).find((name) => others[name] !== undefined);
  if (foreign)
    throw new UsageError(`--${foreign} is an option of --cloud huawei-csms. AWS Secrets Manager has none. Omit it.`);
  if (!/^[a-z\d-]{1,40}$/.test(region))
    throw new UsageError(`--region must be a region, such as us-east-1; got ${quote(region)}.`);
  return {
    connect: ({ awsDriver }, fetch) => awsDriver(url, { region, fetch }),
    place: `region ${region}`,
    flags: [`--cloud=${cloud}`, `--region=${region}`],
    advice:
      'Check that the endpoint runs at this URL, and that it accepts requests without a valid signature. AWS itself does not.',
  };
};

const numberIn = (flag: string, given: string | undefined, isValid: (number: number) => boolean, rule: string) =>
  given === undefined ? undefined : readNumber(flag, given, isValid, rule);

/** The error does not repeat the URL, which may contain a password. */
const endpointIn = (given: string): string => {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isBare = url && /^https?:$/.test(url.protocol) && !`${url.username}${url.password}${url.search}${url.hash}`;
  if (isBare) return url.href.replace(/\/+$/, '');
  throw new UsageError(
    'The URL must be an http or https endpoint without a user, query or fragment, such as http://127.0.0.1:8080.',
  );
};

/**
 * Text without the token, because an endpoint may repeat what it was sent. A token of fewer than 16 characters stays: it is not a
 * secret but a placeholder for an emulator, and could be a part of any word.
 */
const withoutToken = (text: string, token = ''): string =>
  token.length < 16 ? text : text.replaceAll(token, '(the token)');

/** A signal asked the command to end; the message is its name. */
class Stopped extends Error {}

/** Creates, shows and removes a secret. If that fails, the run does not begin, because it could not remove its secrets. */
const probe = async (driver: SecretDriver, secret: string): Promise<void> => {
  const response = await driver.create(secret, Date.now());
  if (!response.ok) throw new Error(`The endpoint refused to create the secret ${secret}: ${response.said}.`);
  await driver.show(secret);
  await driver.remove(secret);
};

/** The command that makes the same calls again, without the token. */
const commandFor = ({ url, flags, runs }: ReturnType<typeof readRequest>, found: Conformance): string =>
  [
    `secret-stages conform ${shellWord(url)}`,
    ...flags,
    ...(runs === undefined ? [] : [`--runs=${runs}`]),
    `--seed=${found.seed}`,
    ...(found.ok ? [] : [`--path=${found.path}`]),
  ].join(' ');
