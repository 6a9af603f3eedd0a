import { execFile, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { functionArn, rotateWith } from './emulator/rotating.ts';
import { replay, variantsOf, type Wire } from './replay-aws-wire.ts';
import { playSequence, type Send, type Sequence, sequences } from './run-aws-wire.ts';
import { answerAt } from './server/answer-at.ts';
import { startServing } from './server/serving.ts';

const hasPython = spawnSync('python3', ['--version']).status === 0;
const name = hasPython ? '' : ' (skipped: there is no python3 here)';

/** Runs the runner in Python on a service. */
const runPython = async (send: Send, ...options: readonly string[]) => {
  const headers: unknown[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { 'x-amz-target': target, 'content-type': type, authorization } = request.headers;
    headers.push([request.method, request.url, type, authorization]);
    const answer = await send(`${target}`, Buffer.concat(chunks).toString());
    response.writeHead(answer.status).end(answer.body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
  const args = ['test/vectors/aws-wire/runner.py', url, ...options];
  const run = promisify(execFile)('python3', args, { env: { ...process.env, no_proxy: '127.0.0.1' } });
  const { code = 0, stdout, stderr } = await run.catch((error) => error);
  await new Promise((closed) => server.close(closed));
  expect(stderr).toBe('');
  return { code, lines: `${stdout}`.trimEnd().split(/\r?\n/), headers };
};

test.skipIf(!hasPython)(`the runner in Python finds no difference in the recorded answers${name}`, async () => {
  const { code, lines, headers } = await runPython(
    replay(sequences),
    '--function',
    functionArn,
    '--region',
    'eu-west-1',
  );
  const total = sequences.flatMap(({ steps }) => steps.filter(({ answer }) => answer)).length;
  expect(lines.filter((line) => !/^aws-wire\/[\w-]+: (\d+) of \1 answers are those of AWS$/.test(line))).toEqual([
    `${total} of ${total} answers are those of AWS`,
  ]);
  expect(code).toBe(0);
  expect(new Set(headers.map((header) => JSON.stringify(header)))).toEqual(
    new Set([
      JSON.stringify([
        'POST',
        '/',
        'application/x-amz-json-1.1',
        'AWS4-HMAC-SHA256 Credential=any/20260101/eu-west-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0',
      ]),
    ]),
  );
});

test.skipIf(!hasPython)(`serve answers every recorded sequence as AWS does${name}`, async () => {
  let url = '';
  // Like the service of Lambda, it has one function, which calls the API of the emulator.
  const lambda = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    if (!/^\/2015-03-31\/functions\/rotate(\/|$)/.test(`${request.url}`)) {
      response.writeHead(404, { 'x-amzn-errortype': 'ResourceNotFoundException' }).end('{}');
    } else if (request.method === 'GET') response.end('{}');
    else {
      await rotateWith({ answer: (asked) => answerAt(url, asked) }, JSON.parse(Buffer.concat(chunks).toString()));
      response.end('null');
    }
  });
  await new Promise<void>((listening) => lambda.listen(0, '127.0.0.1', listening));
  const endpoint = `http://127.0.0.1:${Object(lambda.address()).port}`;
  const serving = await startServing('--cloud', 'aws-secrets-manager', '--lambda-endpoint', endpoint);
  url = serving.url;
  const args = ['test/vectors/aws-wire/runner.py', url, '--function', functionArn];
  const run = promisify(execFile)('python3', args, { env: { ...process.env, no_proxy: '127.0.0.1' } });
  const { code = 0, stdout } = await run.catch((error) => error);
  lambda.closeAllConnections();
  lambda.close();
  const lines = `${stdout}`.trimEnd().split(/\r?\n/);
  expect(lines.filter((line) => !/: (\d+) of \1 answers are those of AWS$/.test(line))).toEqual([
    expect.stringMatching(/^(\d+) of \1 answers are those of AWS$/),
  ]);
  expect(lines).toHaveLength(sequences.length + 1);
  expect(code).toBe(0);
});

test.skipIf(!hasPython)(`without a function, the runner in Python skips rotations${name}`, async () => {
  const others = sequences.filter(({ flags }) => !flags.includes('rotation'));
  const { code, lines } = await runPython(replay(others));
  expect(lines.filter((line) => line.endsWith(': skipped, because it needs --function'))).toHaveLength(
    sequences.length - others.length,
  );
  expect(code).toBe(0);
});

test.skipIf(!hasPython)(`both runners accept what the recordings leave open, and late answers${name}`, async () => {
  const late: string[] = [];
  const change = ({ status, body }: Wire, index: number, id: string): Wire => {
    const { Message: message, ...fields } = Object(body);
    for (const key of ['Versions', 'VersionStages']) if (fields[key]) fields[key] = fields[key].toReversed();
    // Of a secret that is created again, the first answer has the ARN of the deleted one.
    if (id.endsWith('/create-after-deletion') && index === 3 && late.push(id) === 1) fields.ARN = '{{arn-1}}';
    const isEmpty = status === 200 && Object.keys(fields).length === 0;
    return { status, body: isEmpty ? '' : { ...fields, NextToken: null, ...(message && { message }) } };
  };
  const { code, lines } = await runPython(replay(sequences, change), '--function', functionArn);
  expect(lines.filter((line) => line.startsWith('  '))).toEqual([]);
  expect([code, late.length]).toEqual([0, 2]);
  late.length = 0;
  const send = replay(sequences, change);
  for (const sequence of sequences) expect(await playSequence(sequence, send, { functionArn, pause: 0 })).toEqual([]);
  expect(late).toHaveLength(2);
});

// Each run changes one answer of every sequence.
test.skipIf(!hasPython).each([0, 1, 2, 8, 13])(
  `both runners report the same differences: changed answers %i${name}`,
  async (round) => {
    const changes = new Map(sequences.map((sequence) => [sequence.id, changeOf(sequence, round)]));
    const change = (wire: Wire, index: number, id: string) => {
      const changed = changes.get(id);
      return changed?.index === index ? changed.wire : wire;
    };
    const { code, lines } = await runPython(replay(sequences, change), '--function', functionArn);
    const found: string[] = [];
    for (const sequence of sequences) {
      const send = replay([sequence], change);
      found.push(...(await playSequence(sequence, send, { run: 'run-0a1b2c3d-', functionArn, pause: 0 })));
    }
    const reported = lines.filter((line) => line.startsWith('  ')).map((line) => line.trim());
    const expected = found.map((text) => plain(text.replace(/^\S+, (step \d+) \((\w+)\)/, '$1, $2')));
    expect(reported.map(plain).sort()).toEqual(expected.sort());
    expect(found.length).toBeGreaterThanOrEqual(sequences.length);
    expect(code).toBe(1);
  },
);

/** One of the ways in which an answer of a sequence can change. Late answers are not changed: the runners would wait for them. */
function changeOf({ steps }: Sequence, round: number) {
  const all = steps.flatMap(({ answer, attempts }, index) =>
    answer && !attempts ? variantsOf(answer).map(([, wire]) => ({ index, wire })) : [],
  );
  return all[(round * 7) % all.length];
}

/** A report without what is random in it. Versions are compared in the order of their ids, which are random. */
function plain(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
    .replaceAll(/run-[0-9a-f]{8}-/g, 'run-')
    .replaceAll(/Versions\.\d/g, 'Versions.N');
}
