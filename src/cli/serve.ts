import { readCredentials } from '../api/csms/index.ts';
import { type Credentials, createCsmsEmulator } from '../emulator/index.ts';
import { type Answered, serve as listen, openStore } from '../server/index.ts';
import { printable, quote } from '../text.ts';
import type { Command, Options } from './command.ts';
import { readJson } from './files/read-file.ts';
import { print, UsageError } from './host.ts';
import { readNumber, readOptions } from './options.ts';
import { type Terminal, terminalOf } from './terminal/terminal.ts';
import { wrap } from './terminal/wrap.ts';

const options = {
  port: { value: 'N', usual: '0', about: 'listen on this port; 0 picks a free one' },
  host: {
    value: 'ADDRESS',
    usual: '127.0.0.1',
    about: 'listen on this address; if not local, pass --credentials',
  },
  data: {
    value: 'DIR',
    about: 'store secrets in this folder; if omitted, in memory',
    more: 'Requires libsql: `npm install libsql`. Changes are on the disk before the response is sent.',
  },
  credentials: { value: 'FILE', about: 'accept only the tokens and keys in FILE; if omitted, any' },
} as const satisfies Options;

export const serve: Command = {
  name: 'serve',
  takes: '',
  summary: 'run an emulator of CSMS over HTTP until Ctrl-C, and log each request',
  options,
  examples: ['serve --port 8080', 'serve --port 8080 --data secrets --credentials credentials.json'],
  details: `### Credentials

The file of \`--credentials\` lists tokens and keys. Without \`projects\`, a token or a key is valid for every project.

\`\`\`json
{ "tokens": [{ "token": "a-long-token", "projects": ["p"] }], "keys": [{ "access": "AK", "secret": "SK" }] }
\`\`\``,

  run: async (host, args) => {
    const { values, positionals } = readOptions('serve', args, options);
    if (positionals.length > 0) throw new UsageError(`serve takes only options; got ${quote(positionals[0])}.`);
    const isPort = (number: number) => number >= 0 && number <= 65_535;
    const port = readNumber('--port', values.port, isPort, 'a whole number from 0 to 65535');
    const { credentials: file, data } = values;
    const credentials = file === undefined ? undefined : readCredentials(await readJson(host, file), file);
    if (credentials === undefined && !/^(127(\.\d+){3}|::1|localhost)$/.test(values.host)) {
      throw new UsageError(
        `--host ${quote(values.host)} is open to other machines. Pass --credentials FILE, so that not everyone can connect.`,
      );
    }

    const terminal = terminalOf(host);
    const store = data === undefined ? undefined : await openStore(data).catch(explainMissing);
    try {
      const served = await listen(createCsmsEmulator({ credentials, store }), {
        port,
        host: values.host,
        onAnswer: (answered) => print(host, `${wrap(drawAnswer(answered), terminal, 2)}\n`),
      });
      const stopped = new Promise<void>((resolve) => {
        host.once('SIGINT', resolve);
        host.once('SIGTERM', resolve);
        host.once('SIGHUP', resolve);
      });
      await print(host, greeting(served.url, data, credentials, terminal));
      await stopped;
      await served.close();
    } finally {
      store?.close();
    }
    await print(host, 'Stopped.\n');
    return 0;
  },
};

/** A package that is not installed is not a bug. */
const explainMissing = (error: NodeJS.ErrnoException): never => {
  throw error.code === 'ERR_MODULE_NOT_FOUND' ? new UsageError(error.message) : error;
};

const greeting = (
  url: string,
  data: string | undefined,
  credentials: Credentials | undefined,
  terminal: Terminal,
): string => {
  const header = credentials ? '"X-Auth-Token: $TOKEN"' : "'X-Auth-Token: any'";
  const curl = `  curl -H ${header} -d '{"name": "db", "secret_string": "hunter2"}' ${url}/v1/my-project/secrets`;
  const needsSignature = credentials && !credentials.tokens?.length;
  return [
    `Emulating CSMS on ${url}`,
    credentials
      ? 'Only the given credentials are accepted.'
      : 'Any token or signature is accepted. Only this machine can connect.',
    data === undefined
      ? 'Secrets are kept in memory, and are lost when the emulator stops.'
      : `Secrets are stored in ${printable(data)}.`,
    'Press Ctrl-C to stop. To try it, use:',
    needsSignature ? '  a client that signs requests, such as the SDK with withEndpoint(url)' : curl,
    '',
    '',
  ]
    .map((line) => (line === curl ? line : wrap(line, terminal)))
    .join('\n');
};

const drawAnswer = ({ at, method, path, status, errorCode, errorMessage, milliseconds }: Answered): string =>
  [
    new Date(at).toISOString(),
    status,
    method.padEnd(6),
    printable(path),
    `${milliseconds.toFixed(1)} ms`,
    ...(errorCode ? [errorCode, printable(`${errorMessage}`)] : []),
  ].join('  ');
