import { expect, test } from 'vitest';
import { createAwsEmulator } from '../src/emulator/index.ts';
import { functionArn, rotateWith } from './emulator/rotating.ts';
import { playSequence, type Send, sequences } from './run-aws-wire.ts';

/** An emulator with a rotation function, which it may call by one ARN. */
function createRotating() {
  const emulator = createAwsEmulator({
    rotate: async (event) => {
      await rotateWith(emulator, event);
    },
    canInvoke: (arn) => arn === functionArn,
  });
  return emulator;
}

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

test.each(sequences.map((sequence) => [sequence.id, sequence] as const))(
  'the emulator answers %s as AWS does, in every field',
  async (_, sequence) => {
    const send = sendTo(createRotating());
    expect(await playSequence(sequence, send, { functionArn, pause: 1 })).toEqual([]);
  },
);

test('the recorded sequences can be repeated on one emulator', async () => {
  const send = sendTo(createRotating());
  for (const run of ['first-', 'second-']) {
    for (const sequence of sequences)
      expect(await playSequence(sequence, send, { functionArn, run, pause: 1 })).toEqual([]);
  }
});
