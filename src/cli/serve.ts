import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { type Credentials, createEmulator } from '../emulator/index.ts';
import { type Answered, openStore, serve } from '../server/index.ts';
import { moment, printable } from './board.ts';
import { type Host, print, UsageError } from './host.ts';
import { parseJson } from './json.ts';

export interface ServeValues {
  readonly port: string;
  readonly host: string;
  readonly data?: string | undefined;
  readonly credentials?: string | undefined;
}

/** Serves an emulator until the process is told to stop. */
export const serveUntilStopped = async (host: Host, values: ServeValues): Promise<number> => {
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new UsageError(`--port must be a whole number from 0 to 65535, not ${values.port}`);
  }
  const credentials = values.credentials === undefined ? undefined : readCredentials(values.credentials);
  if (credentials === undefined && !/^(127(\.\d+){3}|::1|localhost)$/.test(values.host)) {
    throw new UsageError(
      `--host ${values.host} is open to other machines, and without --credentials anybody would be let in: give --credentials FILE`,
    );
  }

  const store = values.data === undefined ? undefined : await openStore(values.data);
  const served = await serve(createEmulator({ credentials, store }), {
    port,
    host: values.host,
    onAnswer: (answered) => host.stdout.write(`${drawAnswer(answered)}\n`),
  });
  const stopped = new Promise<void>((resolve) => {
    host.once('SIGINT', resolve);
    host.once('SIGTERM', resolve);
  });
  await print(host, greeting(served.url, values, credentials));
  await stopped;
  await served.close();
  store?.close();
  await print(host, 'Stopped.\n');
  return 0;
};

const greeting = (url: string, { data }: ServeValues, credentials: Credentials | undefined): string => {
  const curl = (token: string) =>
    `  curl -H ${token} -d '{"name": "db", "secret_string": "hunter2"}' ${url}/v1/my-project/secrets`;
  const tried = credentials ? curl('"X-Auth-Token: $TOKEN"') : curl("'X-Auth-Token: any'");
  return [
    `CSMS is emulated on ${url}`,
    credentials
      ? 'Only those with the given credentials are let in.'
      : 'No credentials were given, so any token or signature is let in; it listens on this machine alone.',
    data === undefined ? 'Everything is kept in memory, and gone when it stops.' : `Everything is kept in ${data}.`,
    'Stop it with Ctrl-C. Try it with:',
    credentials && !credentials.tokens?.length
      ? '  a client that signs, such as the SDK with withEndpoint(url)'
      : tried,
    '',
    '',
  ].join('\n');
};

const drawAnswer = ({ at, method, path, status, errorCode, milliseconds }: Answered): string =>
  [moment(at), status, method.padEnd(6), printable(path), errorCode, `${milliseconds.toFixed(1)} ms`]
    .filter((part) => part !== undefined)
    .join('  ');

const someText = v.pipe(v.string(), v.nonEmpty('text'));
const projects = v.optional(v.array(someText));
const credentialsSchema = v.pipe(
  v.strictObject({
    tokens: v.optional(v.array(v.strictObject({ token: someText, projects }))),
    keys: v.optional(v.array(v.strictObject({ access: someText, secret: someText, projects }))),
  }),
  v.check(({ tokens = [], keys = [] }) => tokens.length + keys.length > 0, 'a list with a token or a key in it'),
);

const readCredentials = (file: string): Credentials => {
  const parsed = v.safeParse(credentialsSchema, parseJson(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.output;
  throw new UsageError(
    `${file} is no file of credentials: expected ${expectationOf(parsed.issues[0])}. ` +
      'It looks like this: {"tokens": [{"token": "…"}], "keys": [{"access": "…", "secret": "…", "projects": ["…"]}]}',
  );
};

const expectationOf = (issue: v.BaseIssue<unknown>): string => {
  const place = v.getDotPath(issue) ?? 'it';
  if (issue.kind === 'validation') return `${place} to be ${issue.message}`;
  if (issue.expected === 'never') return `${place} to be left out`;
  return `${place} to be ${issue.received === 'undefined' && place !== 'it' ? 'there' : `JSON of type ${issue.expected}`}`;
};
