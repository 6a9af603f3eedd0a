import { expect, test } from 'vitest';
import { createAwsEmulator } from '../src/emulator/index.ts';
import { playSequence, type Send, sequences } from './run-aws-wire.ts';

// The emulator does not rotate secrets.
const played = sequences.filter(({ flags }) => !flags.includes('rotation'));

/** Sends calls to an emulator in this process. */
function sendTo({ fetch }: ReturnType<typeof createAwsEmulator>): Send {
  const scope = 'Credential=any/20260101/us-east-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=0';
  const headers = { 'Content-Type': 'application/x-amz-json-1.1', Authorization: `AWS4-HMAC-SHA256 ${scope}` };
  return async (target, body) => {
    const init = { method: 'POST', headers: { ...headers, 'X-Amz-Target': target }, body };
    const answer = await fetch(new Request('http://127.0.0.1:4566/', init));
    return { status: answer.status, body: await answer.text() };
  };
}

test.each(played.map((sequence) => [sequence.id, sequence] as const))(
  'the emulator answers %s as AWS does, in every field',
  async (_, sequence) => {
    expect(await playSequence(sequence, sendTo(createAwsEmulator()), { pause: 0 })).toEqual([]);
  },
);

test('the recorded sequences can be repeated on one emulator', async () => {
  const send = sendTo(createAwsEmulator());
  for (const run of ['first-', 'second-']) {
    for (const sequence of played) expect(await playSequence(sequence, send, { run, pause: 0 })).toEqual([]);
  }
});

test('only rotations are skipped', () => {
  const left = sequences.filter((sequence) => !played.includes(sequence));
  expect(left.map(({ id }) => id.replace('aws-wire/', ''))).toEqual([
    'rotate-at-once',
    'rotate-by-default',
    'rotate-without-permission',
  ]);
});
