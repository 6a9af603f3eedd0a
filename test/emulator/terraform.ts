import { createHash, createHmac } from 'node:crypto';
import { expect } from 'vitest';

/** The arguments of a huaweicloud_csms_secret. */
export interface SecretArguments {
  readonly name: string;
  readonly secret_text: string;
  readonly secret_binary: string;
  readonly description: string;
  readonly expire_time: number;
  readonly kms_key_id: string;
  readonly secret_type: string;
  readonly enterprise_project_id: string;
  readonly event_subscriptions: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * Sends the requests of Huawei Cloud's Terraform provider. A status that the provider does not accept is an error. Signs every header
 * that the provider sets, and not the host.
 *
 * Source: resource_huaweicloud_csms_secret.go, resource_huaweicloud_csms_secret_version_state.go and the signer of the provider.
 */
export class Terraform {
  readonly #url: string;
  readonly #access: string;
  readonly #secret: string;

  constructor(url: string, access: string, secret: string) {
    this.#url = url;
    this.#access = access;
    this.#secret = secret;
  }

  async send(method: string, target: string, data?: object) {
    const body = data === undefined ? '' : JSON.stringify(data);
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const headers: [string, string][] = [
      ['accept', 'application/json'],
      ['content-type', 'application/json'],
      ['user-agent', 'HashiCorp Terraform/1.9 terraform-provider-huaweicloud'],
      ['x-language', 'en-us'],
      ['x-project-id', 'p'],
      ['x-sdk-date', date],
    ];
    const signed = headers.map(([name]) => name).join(';');
    const [path = '', query = ''] = `/v1/p${target}`.split('?');
    const lines = headers.map((header) => `${header.join(':')}\n`).join('');
    const request = [method, `${path}/`, query, lines, signed, sha256(body)].join('\n');
    const toSign = `SDK-HMAC-SHA256\n${date}\n${sha256(request)}`;
    const signature = createHmac('sha256', this.#secret).update(toSign).digest('hex');
    const authorization = `SDK-HMAC-SHA256 Access=${this.#access}, SignedHeaders=${signed}, Signature=${signature}`;
    const response = await fetch(`${this.#url}/v1/p${target}`, {
      method,
      headers: [...headers, ['authorization', authorization]],
      ...(data && { body }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** Sends a request whose status the provider accepts. */
  async ok(method: 'GET' | 'POST' | 'PUT' | 'DELETE', target: string, data?: object, statuses = accepted[method]) {
    const { status, body } = await this.send(method, target, data);
    expect(statuses, `${method} ${target}: ${status} ${JSON.stringify(body)}`).toContain(status);
    return body;
  }

  async createSecret(config: SecretArguments): Promise<string> {
    const { name, kms_key_id, description, secret_type, enterprise_project_id, event_subscriptions } = config;
    const { secret } = await this.ok('POST', '/secrets', {
      name,
      ...given({ kms_key_id, description, secret_type, enterprise_project_id, ...valueIn(config) }),
      ...(event_subscriptions.length > 0 && { event_subscriptions }),
    });
    await this.#tagsAction(secret.id, 'create', config.tags);
    if (config.expire_time > 0 && secret.state === 'ENABLED') await this.#expire(config);
    return secret.id;
  }

  /** Returns the arguments that a refresh reads, and what is computed; undefined if the secret is gone. Only 404 means that. */
  async readSecret(id: string, name: string) {
    const { status, body } = await this.send('GET', `/secrets/${name}`);
    if (status === 404) return undefined;
    expect(status).toBe(200);
    const { secret } = body;
    const { version } = await this.ok('GET', `/secrets/${name}/versions/${await this.#newestVersion(name)}`);
    const { tags } = await this.ok('GET', `/csms/${id}/tags`, undefined, [200, 202]);
    return {
      name: secret.name,
      secret_text: version.secret_string ?? '',
      secret_binary: version.secret_binary ?? '',
      description: secret.description,
      expire_time: version.version_metadata.expire_time ?? 0,
      kms_key_id: secret.kms_key_id,
      secret_type: secret.secret_type,
      enterprise_project_id: secret.enterprise_project_id,
      event_subscriptions: secret.event_subscriptions.filter((event: string) => event !== ''),
      tags: Object.fromEntries(tags.map(({ key, value }: { key: string; value: string }) => [key, value])),
      secret_id: secret.id,
      latest_version: version.version_metadata.id,
      version_stages: version.version_metadata.version_stages,
      status: secret.state,
    };
  }

  async updateSecret(id: string, before: SecretArguments, after: SecretArguments): Promise<void> {
    const { name, kms_key_id, description, event_subscriptions } = after;
    const changes = (...fields: readonly (keyof SecretArguments)[]) =>
      fields.some((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
    if (changes('kms_key_id', 'description', 'event_subscriptions'))
      await this.ok('PUT', `/secrets/${name}`, { ...given({ kms_key_id }), description, event_subscriptions });
    if (changes('secret_text', 'secret_binary'))
      await this.ok('POST', `/secrets/${name}/versions`, { ...valueIn(after), expire_time: after.expire_time });
    if (changes('expire_time')) await this.#expire(after);
    if (!changes('tags')) return;
    await this.#tagsAction(id, 'delete', before.tags);
    await this.#tagsAction(id, 'create', after.tags);
  }

  async #tagsAction(id: string, action: string, tags: SecretArguments['tags']): Promise<void> {
    const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
    if (list.length > 0) await this.ok('POST', `/csms/${id}/tags/action`, { action, tags: list }, [200, 204]);
  }

  async #expire({ name, expire_time }: SecretArguments): Promise<void> {
    await this.ok('PUT', `/secrets/${name}/versions/${await this.#newestVersion(name)}`, { expire_time });
  }

  async #newestVersion(name: string): Promise<string> {
    const { version_metadatas: versions } = await this.ok('GET', `/secrets/${name}/versions`);
    return versions.toSorted((a: Created, b: Created) => b.create_time - a.create_time)[0].id;
  }
}

interface Created {
  readonly create_time: number;
}

const accepted = { GET: [200], POST: [200, 201, 202], PUT: [200, 201, 202], DELETE: [200, 202, 204] };

const given = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));

const valueIn = ({ secret_text, secret_binary }: SecretArguments) =>
  given({ secret_string: secret_text, secret_binary });
