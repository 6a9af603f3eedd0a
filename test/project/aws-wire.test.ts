import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { replay, variantsOf, type Wire } from '../replay-aws-wire.ts';
import { playSequence, type Send, type Sequence, sequences } from '../run-aws-wire.ts';
import recorded from '../vectors/aws-wire/recorded.json' with { type: 'json' };
import schema from '../vectors/aws-wire/schema.json' with { type: 'json' };

const folder = 'test/vectors/aws-wire';
const page = readFileSync(`${folder}/README.md`, 'utf8');
const isValid = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const steps = sequences.flatMap(({ id, steps }) => steps.map((step) => ({ id, ...step })));

describe('the recorded sequences', () => {
  test('obey the schema', () => {
    expect(isValid(recorded), JSON.stringify(isValid.errors)).toBe(true);
  });

  const [first] = recorded.sequences;
  const [step] = first?.steps ?? [];
  test.each<[string, object]>([
    ['an unknown field of a sequence', { ...first, unknown: 1 }],
    ['an invalid id', { ...first, id: 'create' }],
    ['a sequence without an answer', { ...first, steps: [{ operation: 'GetSecretValue', request: {} }] }],
    ['an unknown field of a step', { ...first, steps: [step, { ...step, unknown: 1 }] }],
    ['a success without a body', { ...first, steps: [step, { ...step, answer: { status: 200 } }] }],
    [
      'an error without a message',
      { ...first, steps: [step, { ...step, answer: { status: 400, error: { type: '' } } }] },
    ],
    ['a success with an error', { ...first, steps: [step, { ...step, answer: { ...step?.answer, error: {} } }] }],
    ['one attempt', { ...first, steps: [step, { ...step, attempts: 1 }] }],
    ['attempts without an answer', { ...first, steps: [step, { operation: 'A', request: {}, attempts: 2 }] }],
  ])('are refused with %s', (_, sequence) => {
    expect(isValid({ ...recorded, sequences: [sequence] })).toBe(false);
  });

  test('have different ids and recordings', () => {
    expect(new Set(sequences.map(({ id }) => id)).size).toBe(sequences.length);
    expect(new Set(recorded.sequences.map(({ recording }) => recording)).size).toBe(sequences.length);
  });

  test('use every flag', () => {
    expect([...new Set(sequences.flatMap(({ flags }) => flags))].sort()).toEqual(Object.keys(recorded.flags));
  });

  const requests = ({ steps }: Sequence, operation: RegExp) =>
    steps.filter((step) => operation.test(step.operation)).map(({ request }) => request);
  test.each<[keyof typeof recorded.flags, (sequence: Sequence) => boolean]>([
    ['binary', ({ steps }) => steps.some(({ request }) => 'SecretBinary' in request)],
    [
      'deletion',
      (sequence) =>
        requests(sequence, /^CreateSecret$/).length > 1 ||
        requests(sequence, /^RestoreSecret$/).length > 0 ||
        requests(sequence, /^DeleteSecret$/).some((request) => !('ForceDeleteWithoutRecovery' in request)),
    ],
    [
      'invalid-name',
      ({ steps }) => steps.some(({ answer }) => `${answer?.error?.message}`.startsWith('Invalid name.')),
    ],
    ['no-token', (sequence) => requests(sequence, takesToken).some((request) => !('ClientRequestToken' in request))],
    ['resource-policy', (sequence) => requests(sequence, /ResourcePolicy$/).length > 0],
    ['rotation', (sequence) => requests(sequence, /^RotateSecret$/).some((request) => 'RotationLambdaARN' in request)],
    [
      'stages',
      (sequence) => requests(sequence, /./).some((request) => 'VersionStages' in request || 'VersionStage' in request),
    ],
    [
      'tags',
      (sequence) => requests(sequence, /^(Tag|Untag)Resource$/).length > 0 && !sequence.flags.includes('invalid-name'),
    ],
  ])('have the flag %s exactly where it is needed', (flag, needs) => {
    const flagged = sequences.filter(({ flags }) => flags.includes(flag));
    expect(flagged.map(({ id }) => id)).toEqual(sequences.filter(needs).map(({ id }) => id));
  });

  test('have a new token in every call that takes one, or the flag no-token', () => {
    for (const sequence of sequences.filter(({ flags }) => !flags.includes('no-token'))) {
      const tokens = requests(sequence, takesToken).map(({ ClientRequestToken: token }) => token);
      for (const token of tokens) expect(token, sequence.id).toMatch(/^\{\{(version|token)-\d+\}\}$/);
      expect(new Set(tokens).size).toBe(tokens.length);
    }
  });

  test('have no placeholder that the page does not explain', () => {
    const kinds = new Set(placeholdersIn(JSON.stringify(recorded.sequences)).map(numberless));
    const rows = page.split('\n').filter((line) => line.startsWith('| `{{'));
    expect([...new Set(rows.flatMap(placeholdersIn).map(numberless))].sort()).toEqual([...kinds].sort());
    for (const [, text = ''] of JSON.stringify(recorded.sequences).matchAll(/(\{\{.*?\}\})/g)) {
      expect(placeholdersIn(text)).toHaveLength(1);
    }
  });

  test('have a time in every field for a date, and in no other', () => {
    const text = JSON.stringify(steps.map(({ answer }) => answer));
    const dates = [...text.matchAll(/"\w+Date":"(.*?)"/g)].map(([, value]) => value);
    expect(dates.length).toBe(text.split('{{time}}').length - 1);
    expect(new Set(dates)).toEqual(new Set(['{{time}}']));
  });

  test('have the prefix of the run in every name of a secret but the invalid ones', () => {
    for (const { id, flags, steps } of sequences) {
      const names = steps.flatMap(({ request: { Name, SecretId } }) => [Name, SecretId].filter((name) => name));
      const prefix = flags.includes('invalid-name') ? /^ ?Inv / : /^\{\{(run|arn-\d(-partial)?)\}\}/;
      for (const name of names) expect(name, id).toMatch(prefix);
    }
  });
});

const takesToken = /^(CreateSecret|PutSecretValue|UpdateSecret|RotateSecret)$/;
const placeholdersIn = (text: string) => [...text.matchAll(/\{\{([a-z0-9-]+)\}\}/g)].map(([, name = '']) => name);
const numberless = (name: string) => name.replace(/-\d+/, '');

describe('the page of the recorded sequences', () => {
  test('lists every file', () => {
    const listed = [...page.matchAll(/^\| `(\w+\.\w+)` \|/gm)].map(([, file]) => file);
    expect([...listed, 'README.md'].sort()).toEqual(
      readdirSync(folder)
        .filter((file) => file.includes('.'))
        .sort(),
    );
  });

  test('lists every field', () => {
    const { sequence, step, success, error } = schema.$defs;
    const answer = { ...success.properties, ...error.properties };
    const fields = [
      ...Object.keys(sequence.properties),
      ...Object.keys(step.properties).map((field) => `steps[].${field}`),
      ...Object.keys(answer).map((field) => `steps[].answer.${field}`),
    ];
    const listed = [...page.matchAll(/^\| `((?!\w+\.\w+`)[a-z][\w[\].]*)` \|/gm)].map(([, field]) => field);
    expect(listed.sort()).toEqual(fields.sort());
  });

  test('quotes a sequence', () => {
    const [, block = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    expect(recorded.sequences).toContainEqual(JSON.parse(block));
  });

  test('names the source, and every flag', () => {
    for (const part of [recorded.source.commit, ...recorded.source.files]) expect(page).toContain(part);
    for (const flag of Object.keys(recorded.flags)) expect(page).toContain(`\`${flag}\``);
  });
});

describe('the runner', () => {
  const sequenceOf = (id: string): Sequence =>
    sequences.find((sequence) => sequence.id === `aws-wire/${id}`) ?? expect.fail(`There is no sequence ${id}.`);
  const options = { run: 'run-', functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:rotate', pause: 0 };
  const play = (sequence: Sequence, change?: Parameters<typeof replay>[1]) =>
    playSequence(sequence, replay([sequence], change), options);

  test.each(sequences.map((sequence) => [sequence.id, sequence] as const))(
    'finds no difference in the recorded answers of %s',
    async (_, sequence) => {
      const service = replay([sequence]);
      const made: string[] = [];
      const send: Send = (target, body) => {
        made.push(target);
        return service(target, body);
      };
      expect(await playSequence(sequence, send, options)).toEqual([]);
      expect(made).toEqual(sequence.steps.map(({ operation }) => `secretsmanager.${operation}`));
    },
  );

  test('finds every field that is missing, changed or added, and every other status', async () => {
    let changes = 0;
    for (const sequence of sequences) {
      for (const [index, { operation, answer }] of sequence.steps.entries()) {
        for (const [sentence, changed] of answer ? variantsOf(answer) : []) {
          const start = { ...sequence, steps: sequence.steps.slice(0, index + 1).map(once) };
          const found = await play(start, (wire, at) => (at === index ? changed : wire));
          const expected = `${sequence.id}, step ${index + 1} (${operation}): ${sentence}`;
          if (!found.some((text) => text.startsWith(expected))) expect.fail(`${expected} … was not reported: ${found}`);
          changes++;
        }
      }
    }
    expect(changes).toBeGreaterThan(2_000);
  });

  test.each<[string, string, number, Change]>([
    ['versions in another order', 'pending-becomes-current', 4, reversed('Versions')],
    ['stages in another order', 'put-with-stages', 2, reversed('VersionStages')],
    ['a field that is null', 'restore', 2, plus({ NextToken: null })],
    ['no body instead of an empty object', 'tags', 2, ({ status }) => ({ status, body: '' })],
    ['the namespace of an error type', 'not-found', 0, plus({ __type: 'a.b#ResourceNotFoundException' })],
    ['another case of the key of a message', 'not-found', 0, renamed('Message', 'message')],
  ])('accepts %s', async (_, id, step, change) => {
    expect(await play(sequenceOf(id), (wire, at) => (at === step ? change(wire) : wire))).toEqual([]);
  });

  const otherArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:';
  test.each<[string, string, string, number, Change]>([
    ['tags in another order', 'body.Tags.0.Key is "tag2"', 'tags', 5, reversed('Tags')],
    ['text that is not JSON', 'body.text that is not JSON is "<', 'tags', 2, ({ status }) => ({ status, body: '<' })],
    ['a time that is a text', 'body.CreatedDate is "2023"', 'tags', 1, plus({ CreatedDate: '2023' })],
    ['a version twice', 'body.Versions is [', 'pending-becomes-current', 4, twice('Versions')],
    ['the ARN of another name', 'body.ARN is ', 'tags', 0, plus({ ARN: `${otherArn}other-AbCdEf` })],
    ['an ARN without a suffix', 'body.ARN is ', 'tags', 0, plus({ ARN: `${otherArn}run-cd3dd403` })],
    ['another ARN later', 'body.ARN is ', 'tags', 1, plus({ ARN: `${otherArn}run-cd3dd403-ZZZZZZ` })],
    ['the old ARN of a new secret', 'body.ARN is ', 'create-after-deletion', 3, plus({ ARN: '{{arn-1}}' })],
    ['a success instead of an error', 'the answer is {', 'not-found', 0, ({ body }) => ({ status: 200, body })],
    ['an error instead of a success', 'the answer is {', 'tags', 0, ({ body }) => ({ status: 400, body })],
  ])('reports %s', async (_, sentence, id, step, change) => {
    const [found] = await play(sequenceOf(id), (wire, at) => (at === step ? change(wire) : wire));
    expect(found).toContain(`step ${step + 1} (`);
    expect(found).toContain(`: ${sentence}`);
  });

  /** An answer that is wrong so many times. */
  const late = (step: number, times: number) => {
    let calls = 0;
    return (wire: Wire, at: number): Wire => (at === step && calls++ < times ? { ...wire, status: 400 } : wire);
  };

  test('repeats a call whose answer may come late, with pauses', async () => {
    const sequence = sequenceOf('create-after-deletion');
    const start = performance.now();
    expect(await playSequence(sequence, replay([sequence], late(3, 9)), { pause: 20 })).toEqual([]);
    // Timers may be a little early.
    expect(performance.now() - start).toBeGreaterThan(9 * 15);
  });

  test.each([
    ['whose answer is never right', 'create-after-deletion', 3, 10],
    ['whose answer may not come late', 'tags', 1, 1],
  ])('reports a call %s', async (_, id, step, times) => {
    expect(await play(sequenceOf(id), late(step, times))).toHaveLength(1);
  });

  test('reports a request that it cannot make', async () => {
    const sequence = sequenceOf('create-and-update');
    const failing: Send = async () => ({ status: 500, body: '' });
    expect(await playSequence(sequence, failing)).toContain(
      'aws-wire/create-and-update, step 4 (GetSecretValue): the request needs {{arn-1}}, which no answer gave',
    );
  });

  test('sends what was recorded, with new tokens', async () => {
    const sent: string[] = [];
    const send: Send = async (target, body) => {
      sent.push(`${target} ${body}`);
      return { status: 400, body: '' };
    };
    for (let time = 0; time < 2; time++)
      await playSequence(sequenceOf('move-answers-arn-and-name'), send, { run: 'a-' });
    const [create = '', , , , , again] = sent;
    expect(sent).toHaveLength(10);
    expect(create).toMatch(
      /^secretsmanager\.CreateSecret {"Name":"a-s-b594a2db","SecretString":"Something1","ClientRequestToken":"[0-9a-f-]{36}"}$/,
    );
    expect(again).not.toBe(create);
  });
});

/** A step whose answer may not come late. */
function once({ attempts: _, ...step }: Sequence['steps'][number]): Sequence['steps'][number] {
  return step;
}

type Change = (wire: Wire) => Wire;

function plus(fields: object): Change {
  return ({ status, body }) => ({ status, body: { ...Object(body), ...fields } });
}

function reversed(key: string): Change {
  return ({ status, body }) => ({ status, body: { ...Object(body), [key]: Object(body)[key].toReversed() } });
}

function twice(key: string): Change {
  return ({ status, body }) => ({
    status,
    body: { ...Object(body), [key]: [...Object(body)[key], Object(body)[key][0]] },
  });
}

function renamed(from: string, to: string): Change {
  return ({ status, body }) => {
    const { [from]: value, ...others } = Object(body);
    return { status, body: { ...others, [to]: value } };
  };
}
