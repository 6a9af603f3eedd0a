import { join } from 'node:path';
import { missingStatuses, readCredentials, unauthorizedStatuses } from '../api/csms/index.ts';
import { awsSecretsManager, huaweiCsms } from '../dialects/index.ts';
import type { Terminal } from '../drawing/terminal.ts';
import { wrap } from '../drawing/wrap.ts';
import {
  type AwsEvent,
  type Credentials,
  createAwsEmulator,
  createCsmsEmulator,
  type Emulator,
} from '../emulator/index.ts';
import { type Answered, type LambdaEndpoint, lambdaEndpoint, serve as listen, openStore } from '../server/index.ts';
import { printable, quote } from '../text.ts';
import type { Command, Options } from './command.ts';
import { type EventsFile, openEventsFile } from './events-file.ts';
import { readJson } from './files/read-file.ts';
import { UsageError } from './host.ts';
import { startLog } from './log.ts';
import { readNumber, readOptions } from './options.ts';
import { terminalOf } from './terminal/terminal.ts';

const emulated: readonly string[] = [huaweiCsms.id, awsSecretsManager.id];

const options = {
  cloud: {
    value: 'CLOUD',
    suggested: emulated,
    usual: huaweiCsms.id,
    about: `emulate CLOUD: ${emulated.join(' or ')}`,
  },
  port: { value: 'N', usual: '0', about: 'listen on this port; 0 picks a free one' },
  host: {
    value: 'ADDRESS',
    usual: '127.0.0.1',
    about: 'listen on this address; one that other machines can reach needs --credentials or --allow-host',
  },
  'allow-host': {
    value: 'NAME',
    repeats: true,
    about: 'accept this host name from clients and web pages, besides localhost, 127.0.0.0/8 and ::1',
    more: 'Can be repeated. Without --credentials, requests with another Host are refused. Requests from web pages of another host are always refused. See [the server](../server/README.md#web-pages).',
  },
  'missing-status': {
    value: 'STATUS',
    choices: missingStatuses.map(String),
    usual: String(missingStatuses[0]),
    about: 'send this status if something does not exist',
    more: `Terraform needs ${missingStatuses[1]}. Only for huawei-csms.`,
  },
  'unauthorized-status': {
    value: 'STATUS',
    choices: unauthorizedStatuses.map(String),
    usual: String(unauthorizedStatuses[0]),
    about: 'send this status if the token or the signature is not accepted',
    more: 'Only for huawei-csms.',
  },
  data: {
    value: 'DIR',
    about: 'store secrets in this folder; if omitted, in memory',
    more: 'Requires libsql: `npm install libsql`. Changes are on the disk before the response is sent. AWS has a folder of its own in it.',
  },
  credentials: {
    value: 'FILE',
    about: 'accept only the tokens and keys in FILE; if omitted, any',
    more: 'Only for huawei-csms. The emulator of AWS does not check signatures.',
  },
  'lambda-endpoint': {
    value: 'URL',
    about:
      'call rotation functions at this endpoint of the Invoke API of AWS Lambda; if omitted, RotateSecret is refused',
    more: 'Only for aws-secrets-manager. See [rotation functions](../server/README.md#rotation-functions).',
  },
  events: {
    value: 'FILE',
    about: 'append events to FILE, one a line, as EventBridge delivers them',
    more: 'Only for aws-secrets-manager. Events contain no secret values, and `replay` reads the file.',
  },
  control: {
    about: 'let programs on this machine set faults and the clock, run rotations, and delete all secrets',
    more: 'They need no credentials. See [control](../server/README.md#control).',
  },
} as const satisfies Options;

export const serve: Command = {
  name: 'serve',
  takes: '',
  summary: 'run an emulator of a cloud over HTTP until Ctrl-C, and log each request',
  options,
  examples: [
    'serve --port 8080',
    'serve --cloud aws-secrets-manager --lambda-endpoint http://127.0.0.1:3001',
    'serve --port 8080 --data secrets --credentials credentials.json',
  ],
  details: `### Stopping, and the log

Ctrl-C, SIGTERM and SIGHUP stop \`serve\`. It finishes the requests in progress, and waits at most 5 seconds for clients. A second signal ends it
at once.

If the output is read too slowly, lines of the log are dropped, and a line says how many. If its reader ends, as in
\`secret-stages serve | head -1\`, the log ends too, and \`serve\` keeps serving.

### Credentials

The file of \`--credentials\` lists tokens and keys. Without \`projects\`, a token or a key is valid for every project.

\`\`\`json
{ "tokens": [{ "token": "a-long-token", "projects": ["p"] }], "keys": [{ "access": "AK", "secret": "SK" }] }
\`\`\`

### AWS

With \`--cloud aws-secrets-manager\`, set these variables for the AWS CLI, boto3 and the SDKs. Any key is accepted.

\`\`\`text
AWS_ENDPOINT_URL_SECRETS_MANAGER=http://127.0.0.1:4566
AWS_REGION=us-east-1
AWS_DEFAULT_REGION=us-east-1
AWS_ACCESS_KEY_ID=any
AWS_SECRET_ACCESS_KEY=any
\`\`\`

With \`--lambda-endpoint\`, the log shows how each rotation began and ended, and the errors of its function. Events do not contain these errors,
because they could contain a value.`,

  run: async (host, args) => {
    const { values, positionals, given } = readOptions('serve', args, options);
    if (positionals.length > 0) throw new UsageError(`serve takes only options; got ${quote(positionals[0])}.`);
    const isPort = (number: number) => number >= 0 && number <= 65_535;
    const port = readNumber('--port', values.port, isPort, 'a whole number from 0 to 65535');
    const { cloud, credentials: file, data } = values;
    if (!emulated.includes(cloud))
      throw new UsageError(`--cloud ${quote(cloud)} cannot be emulated. Use one of ${emulated.join(', ')}.`);
    const isAws = cloud === awsSecretsManager.id;
    if (isAws && file !== undefined)
      throw new UsageError(
        '--credentials cannot be used with --cloud aws-secrets-manager, which does not check signatures. Omit it.',
      );
    const statuses = given.find(({ name }) => name.endsWith('-status'));
    if (isAws && statuses)
      throw new UsageError(
        `--${statuses.name} cannot be used with --cloud aws-secrets-manager, because it is a status of CSMS. Omit it.`,
      );
    const foreign = given.find(({ name }) => name === 'lambda-endpoint' || name === 'events');
    if (!isAws && foreign)
      throw new UsageError(
        `--${foreign.name} can only be used with --cloud ${awsSecretsManager.id}. Pass it, or omit --${foreign.name}.`,
      );
    const credentials = file === undefined ? undefined : readCredentials(await readJson(host, file), file);
    const allowHosts = given.flatMap(({ name, value }) => (name === 'allow-host' && value !== undefined ? value : []));
    const isLocal = /^(127(\.\d+){3}|::1|localhost)$/.test(values.host);
    if (credentials === undefined && !isLocal && allowHosts.length === 0) {
      const needs = isAws ? '' : 'Pass --credentials FILE, so that not everyone can connect. ';
      throw new UsageError(
        `--host ${quote(values.host)} is open to other machines, and any credentials are accepted. ${needs}In a network that you trust, pass --allow-host with the name that they connect to.`,
      );
    }

    const terminal = terminalOf(host);
    const log = startLog(host);
    // The keys of one cloud would mean nothing to the other.
    const folder = data !== undefined && isAws ? join(data, cloud) : data;
    const stopping = new AbortController();
    const write = (line: string) => {
      if (!stopping.signal.aborted) log.write(`${wrap(line, terminal, 2)}\n`);
    };
    const endpoint = endpointAt(values['lambda-endpoint'], write, stopping.signal);
    const store = folder === undefined ? undefined : await openStore(folder).catch(explainMissing);
    let events: EventsFile | undefined;
    let stoppedAt: number | null = null;
    const clock = () => stoppedAt ?? Date.now();
    const setClock = (time: number | null) => {
      stoppedAt = time;
    };
    try {
      events = values.events === undefined ? undefined : await openEventsFile(values.events, write);
      const missingStatus = missingStatuses.find((status) => String(status) === values['missing-status']);
      const unauthorizedStatus = unauthorizedStatuses.find(
        (status) => String(status) === values['unauthorized-status'],
      );
      const emulator = isAws
        ? createAwsEmulator({ store, clock, ...endpoint, onEvent: (event) => takeEvent(event, events, write) })
        : createCsmsEmulator({ credentials, store, clock, missingStatus, unauthorizedStatus });
      const served = await listen(emulator, {
        port,
        host: values.host,
        allowHosts,
        control: values.control ? { ...emulator, setClock } : undefined,
        onAnswer: (answered) => write(drawAnswer(answered)),
      }).catch((error: unknown) => {
        throw error instanceof RangeError ? new UsageError(`--allow-host: ${error.message}`) : error;
      });
      const ticking = endpoint && startTicking(emulator, write);
      const stopped = new Promise<void>((resolve) => {
        const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
        const stop = () => {
          // A second signal is for the system, which ends the process.
          for (const signal of signals) host.off(signal, stop);
          resolve();
        };
        for (const signal of signals) host.once(signal, stop);
      });
      const name = isAws ? awsSecretsManager.title : 'CSMS';
      // Without credentials, the address of the server itself is not an allowed host.
      const isAllowed = isLocal || credentials !== undefined;
      const url = isAllowed ? served.url : served.url.replace(/\/\/.*(?=:)/, `//${allowHosts[0]}`);
      const attempt = isAws ? awsAttempt(url) : csmsAttempt(url, credentials);
      const facts = [
        ...(values['lambda-endpoint']
          ? [`Rotation functions are called at ${printable(values['lambda-endpoint'])}.`]
          : []),
        ...(values.events ? [`Events are appended to ${printable(values.events)}.`] : []),
        ...(values.control ? ['Programs on this machine can control it with POST /_control.'] : []),
      ];
      log.write(greeting(`Emulating ${name} on ${served.url}`, attempt, folder, credentials, isLocal, facts, terminal));
      await stopped;
      clearInterval(ticking);
      // Ends the requests that a fault makes wait.
      emulator.setFaults([]);
      await served.close();
    } finally {
      // A step of a rotation that is in progress has failed. With a store, it counts as failed when the emulator starts again.
      stopping.abort(new Error('the emulator stops'));
      await events?.close();
      store?.close();
    }
    if (!(await log.end('Stopped.\n'))) host.exit(0);
    return 0;
  },
};

/** A package that is not installed is not a bug. */
const explainMissing = (error: NodeJS.ErrnoException): never => {
  throw error.code === 'ERR_MODULE_NOT_FOUND' ? new UsageError(error.message) : error;
};

/** The functions of an endpoint. Their errors are logged, because events do not show them. */
const endpointAt = (
  url: string | undefined,
  write: (line: string) => void,
  signal: AbortSignal,
): LambdaEndpoint | undefined => {
  if (url === undefined) return undefined;
  try {
    const { rotate, canInvoke } = lambdaEndpoint(url, { signal });
    const logged: LambdaEndpoint['rotate'] = (event, functionArn) =>
      rotate(event, functionArn).catch((error: Error) => {
        write(drawLine(Date.now(), 'Function failed', printable(event.SecretId), printable(error.message)));
        throw error;
      });
    return { rotate: logged, canInvoke };
  } catch (error) {
    throw new UsageError(`--lambda-endpoint: ${Object(error).message}`);
  }
};

/** Logs what the service does besides answering requests, which are logged anyway. */
const takeEvent = (event: AwsEvent, events: EventsFile | undefined, write: (line: string) => void): void => {
  events?.write(event);
  const { eventName, errorMessage = '', additionalEventData } = event.detail;
  if (additionalEventData)
    write(drawLine(Date.now(), eventName, printable(additionalEventData.SecretId), printable(errorMessage)));
};

/** Runs rotations that are due, every second. A problem is logged once, until there is another one. */
const startTicking = ({ tick }: Pick<Emulator, 'tick'>, write: (line: string) => void) => {
  let last = '';
  const run = () =>
    tick().then(
      () => {
        last = '';
      },
      ({ message }: Error) => {
        if (message !== last) write(drawLine(Date.now(), `Rotations cannot be run: ${printable(message)}`));
        last = message;
      },
    );
  return setInterval(run, 1000).unref();
};

const drawLine = (at: number, ...parts: readonly string[]): string =>
  [new Date(at).toISOString(), ...parts.filter((part) => part !== '')].join('  ');

const greeting = (
  title: string,
  attempt: readonly string[],
  data: string | undefined,
  credentials: Credentials | undefined,
  isLocal: boolean,
  facts: readonly string[],
  terminal: Terminal,
): string => {
  const lines = [
    title,
    credentials
      ? 'Only the given credentials are accepted.'
      : `Any credentials are accepted. ${isLocal ? 'Only this machine' : 'Every machine in the network'} can connect.`,
    data === undefined
      ? 'Secrets are kept in memory, and are lost when the emulator stops.'
      : `Secrets are stored in ${printable(data)}.`,
    ...facts,
    'Press Ctrl-C to stop. To try it, use:',
  ];
  // Commands are not wrapped, so that they can be copied.
  return [...lines.map((line) => wrap(line, terminal)), ...attempt, '', ''].join('\n');
};

const csmsAttempt = (url: string, credentials: Credentials | undefined): readonly string[] => {
  if (credentials && !credentials.tokens?.length)
    return ['  a client that signs requests, such as the SDK with withEndpoint(url)'];
  const header = credentials ? '"X-Auth-Token: $TOKEN"' : "'X-Auth-Token: any'";
  return [`  curl -H ${header} -d '{"name": "db", "secret_string": "hunter2"}' ${url}/v1/my-project/secrets`];
};

const awsAttempt = (url: string): readonly string[] => [
  `  export AWS_ENDPOINT_URL_SECRETS_MANAGER=${url} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1`,
  '  export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any',
  '  aws secretsmanager create-secret --name db --secret-string hunter2',
];

const drawAnswer = ({ at, method, path, operation, status, errorCode, errorMessage, milliseconds }: Answered): string =>
  [
    new Date(at).toISOString(),
    status,
    method.padEnd(7),
    printable(path === '/' && operation ? operation : path),
    `${milliseconds.toFixed(1)} ms`,
    ...(errorCode ? [errorCode, printable(`${errorMessage}`)] : []),
  ].join('  ');
