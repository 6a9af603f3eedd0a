import { afterEach, expect, test } from 'vitest';
import { createAwsEmulator, type Emulator } from '../../src/emulator/index.ts';
import { serve } from '../../src/server/index.ts';
import { runs } from '../property.ts';
import { runCli } from './host.ts';

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

type Request = Parameters<Emulator['answer']>[0];
type Response = Awaited<ReturnType<Emulator['answer']>>;

/** An emulator whose responses to some requests are replaced, for one test. */
const endpoint = async (replace: (request: Request) => Response | undefined = () => undefined) => {
  const emulator = createAwsEmulator();
  const seen: Request[] = [];
  const answer = async (request: Request) => {
    seen.push(request);
    return replace(request) ?? emulator.answer(request);
  };
  const { url, close } = await serve({ ...emulator, answer });
  open.push(close);
  return { url, emulator, seen };
};

const isFor = (operation: string, { headers }: Request): boolean =>
  headers.get('x-amz-target') === `secretsmanager.${operation}`;
const refused: Response = { status: 400, headers: {}, body: '{"__type":"InvalidRequestException","Message":"No."}' };

const conform = (url: string, ...args: readonly string[]) =>
  runCli(['conform', url, '--cloud', 'aws-secrets-manager', ...args]);

test('conform compares an endpoint of AWS Secrets Manager without a project and a token, and leaves no secrets', async () => {
  const { url, emulator, seen } = await endpoint();
  const { code, out, err } = await conform(url, '--region=eu-west-1', '--runs', `${runs(8, 40)}`, '--seed=1');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^held {7}new-version .* calls {2}A new version takes .* and "AWSPENDING" is removed\./m);
  expect(out).toContain('\n\nNo law was broken.');
  expect(emulator.world.projects).toEqual({});
  for (const { headers } of seen) {
    expect(headers.get('authorization')).toContain('/eu-west-1/secretsmanager/aws4_request, ');
    expect(headers.get('x-auth-token') ?? null).toBeNull();
  }
  const names = seen.filter((each) => isFor('CreateSecret', each)).map(({ body }) => JSON.parse(`${body}`).Name);
  expect(names[0]).toMatch(/^conform-[\da-f]{8}-probe$/);
  for (const name of names) expect(name).toMatch(/^conform-[\da-f]{8}-/);
}, 300_000);

test('conform prints the command that repeats a run on AWS Secrets Manager', async () => {
  const { url } = await endpoint((request) => (isFor('UpdateSecretVersionStage', request) ? refused : undefined));
  const { code, out } = await conform(url, '--runs=20', '--seed=1');
  expect(code).toBe(1);
  expect(out).toContain('\nThe call was refused (InvalidRequestException "No."), but must succeed.\n');
  const [, again = ''] =
    /^To reproduce: secret-stages (conform \S+ --cloud=aws-secrets-manager --region=us-east-1 --runs=20 --seed=1 --path=\S+)$/m.exec(
      out,
    ) ?? [];
  const repeated = await runCli([...again.split(' '), '--format=json']);
  expect(JSON.parse(repeated.out)).toMatchObject({ ok: false, law: { id: 'done-or-refused' }, seed: 1 });
}, 300_000);

test('conform names the region of secrets that it could not remove from AWS Secrets Manager', async () => {
  const { url } = await endpoint((request) => (isFor('DeleteSecret', request) ? refused : undefined));
  const { code, err } = await conform(url);
  expect(code).toBe(2);
  expect(err).toMatch(
    /^These secrets may still exist in region us-east-1\. If so, delete them:\n {2}conform-[\da-f]{8}-probe\nsecret-stages: /,
  );
  expect(err).toMatch(/\n {2}DeleteSecret for "conform-[\da-f]{8}-probe" was refused, so the secret still exists: /);
  expect(err).toContain(
    '\n  Check that the endpoint runs at this URL, and that it accepts requests without a valid signature. AWS itself does not.\n',
  );
});
