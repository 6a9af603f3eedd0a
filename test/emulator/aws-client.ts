import {
  type AwsOptions,
  type AwsSecret,
  emptyWorld,
  handleAws,
  type WireRequest,
  type World,
} from '../../src/emulator/index.ts';

/** The time of the first request. */
export const born = 1_523_477_145_713;

/** A token for a version: a UUID that ends with a number. */
export const token = (number: number): string => `4e34025e-0b5f-4f5e-9d5c-${`${number}`.padStart(12, '0')}`;

/** A request that is signed for a region by an access key. */
export const call = (operation: string, body: unknown = {}, region = 'us-east-1', key = 'any'): WireRequest => ({
  method: 'POST',
  target: '/',
  headers: new Map([
    ['x-amz-target', `secretsmanager.${operation}`],
    [
      'authorization',
      `AWS4-HMAC-SHA256 Credential=${key}/20180411/${region}/secretsmanager/aws4_request, Signature=any`,
    ],
  ]),
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

/** The operations that need a token, which every SDK adds. */
const tokened = ['CreateSecret', 'PutSecretValue', 'UpdateSecret'];

/** A client of `handleAws`, which keeps the world and the time in its stead. */
export class AwsClient {
  world: World<AwsSecret> = emptyWorld;
  now: number = born - 1000;
  readonly options: AwsOptions;
  private tokens = 0;

  constructor(options: AwsOptions = {}) {
    this.options = options;
  }

  /** Sends a request a second after the one before. Like an SDK, it adds a token where one is needed. */
  send(operation: string, body: object = {}): Readonly<Record<string, unknown>> {
    const withToken = tokened.includes(operation) ? { ClientRequestToken: token(++this.tokens), ...body } : body;
    return this.sendRaw(call(operation, withToken)).body;
  }

  sendRaw(raw: WireRequest): { readonly status: number; readonly body: Readonly<Record<string, unknown>> } {
    this.now += 1000;
    const { world, response } = handleAws(this.world, raw, this.now, this.options);
    this.world = world;
    return { status: response.status, body: response.body ? JSON.parse(response.body) : {} };
  }

  /** The type and the message of an error; the whole answer if it is not one. */
  errorOf(operation: string, body: object = {}): string {
    const answer = this.send(operation, body);
    return '__type' in answer
      ? `${answer['__type']}: ${answer['Message'] ?? answer['message']}`
      : JSON.stringify(answer);
  }

  secret(name = 'db'): AwsSecret | undefined {
    return this.world.projects['123456789012/us-east-1']?.secrets[name];
  }
}

/** A client of a region with one secret, `db`, whose version is `token(1)`. */
export const clientOfDb = (options?: AwsOptions): AwsClient => {
  const client = new AwsClient(options);
  client.send('CreateSecret', { Name: 'db', SecretString: 'hunter2' });
  return client;
};
