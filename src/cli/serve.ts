import { readFileSync } from 'node:fs';
import { readCredentials } from '../api/csms/index.ts';
import { type Credentials, createCsmsEmulator } from '../emulator/index.ts';
import { parseJson } from '../json.ts';
import { type Answered, serve as listen, openStore } from '../server/index.ts';
import { printable, quote } from '../text.ts';
import { type Command, print, UsageError } from './host.ts';
import { readOptions, text } from './options.ts';
import { type Terminal, terminalOf } from './terminal.ts';
import { wrap } from './wrap.ts';

const options = {
  port: { ...text, default: '0' },
  host: { ...text, default: '127.0.0.1' },
  data: text,
  credentials: text,
};

export const serve: Command = {
  usage: `secret-stages serve [--port N] [--host ADDRESS] [--data DIR] [--credentials FILE]

  Emulates CSMS over HTTP until it is stopped, and logs one line a request.

  --port N            0, the default, takes any port that is free
  --host ADDRESS      127.0.0.1 unless told otherwise; any other than this machine's own needs --credentials
  --data DIR          keeps everything there, on the disk before it is answered; needs libsql: npm install libsql
  --credentials FILE  lets in only whom the file names; "projects" may be left out:
                      {"tokens": [{"token": "…", "projects": ["…"]}], "keys": [{"access": "…", "secret": "…"}]}

  Exit code: 0 serving was stopped; 2 nothing was served: a port that is taken, a damaged store`,

  run: async (host, args) => {
    const { values, positionals } = readOptions('serve', args, options);
    if (positionals.length > 0)
      throw new UsageError(`serve takes no FILE, such as ${positionals[0]}; --data takes a folder`);
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65_535) {
      throw new UsageError(`--port must be a whole number from 0 to 65535; got ${quote(values.port)}`);
    }
    const { credentials: file, data } = values;
    const credentials = file === undefined ? undefined : credentialsIn(file);
    if (credentials === undefined && !/^(127(\.\d+){3}|::1|localhost)$/.test(values.host)) {
      throw new UsageError(
        `--host ${values.host} is open to other machines, and without --credentials anybody would be let in: give --credentials FILE`,
      );
    }

    const terminal = terminalOf(host);
    const store = data === undefined ? undefined : await openStore(data);
    try {
      const served = await listen(createCsmsEmulator({ credentials, store }), {
        port,
        host: values.host,
        onAnswer: (answered) => host.stdout.write(`${wrap(drawAnswer(answered), terminal, 2)}\n`),
      });
      const stopped = new Promise<void>((resolve) => {
        host.once('SIGINT', resolve);
        host.once('SIGTERM', resolve);
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

const credentialsIn = (file: string): Credentials => {
  const json = parseJson(readFileSync(file, 'utf8'));
  if (json === undefined) throw new UsageError(`${file} must be credentials in JSON, and is no JSON`);
  return readCredentials(json, file);
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
    `CSMS is emulated on ${url}`,
    credentials
      ? 'Only those with the given credentials are let in.'
      : 'No credentials were given, so any token or signature is let in; it listens on this machine alone.',
    data === undefined
      ? 'Everything is kept in memory, and gone when it stops.'
      : `Everything is kept in ${printable(data)}.`,
    'Stop it with Ctrl-C. Try it with:',
    needsSignature ? '  a client that signs, such as the SDK with withEndpoint(url)' : curl,
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
