/** Code of an application: rotates a password in CSMS, and makes the new password current only if it works. */
export class RotationService {
  readonly #secret: string;
  readonly #headers: Record<string, string>;

  constructor(endpoint: string, token: string, secret: string) {
    this.#secret = `${endpoint}/v1/my-project/secrets/${secret}`;
    this.#headers = { 'X-Auth-Token': token, 'Content-Type': 'application/json' };
  }

  async rotate(
    password: string,
    works: (password: string) => Promise<boolean>,
  ): Promise<'rotated' | 'kept the old password'> {
    const { version_metadata } = await this.#call('POST', '/versions', {
      secret_string: password,
      version_stages: ['pending'],
    });
    try {
      if (!(await works(password))) return 'kept the old password';
      const { stage } = await this.#call('GET', '/stages/SYSCURRENT');
      await this.#call('PUT', '/stages/SYSPREVIOUS', { version_id: stage.version_id });
      await this.#call('PUT', '/stages/SYSCURRENT', { version_id: version_metadata.id });
      return 'rotated';
    } finally {
      await this.#call('DELETE', '/stages/pending');
    }
  }

  async #call(method: string, path: string, body?: object) {
    const response = await fetch(this.#secret + path, {
      method,
      headers: this.#headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const data = response.status === 204 ? {} : JSON.parse(await response.text());
    if (!response.ok) throw new Error(`${method} ${path} failed with ${data.error_code}: ${data.error_msg}`);
    return data;
  }
}
