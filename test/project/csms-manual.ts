import { anyToken, clientOfDb } from '../emulator/client.ts';
import { documented, notEmulated, objects } from '../emulator/documented.ts';

/** The operations that the emulator has, with the fields that they take and return. */
export function operationsTable(): string {
  const rows = Object.entries(documented).map(([operation, [, , , answer, takes]]) => {
    const returned = Object.keys(objects[answer] ?? {}).join(' ');
    return `| ${operation} | ${codes(takes)} | ${codes(returned)} |`;
  });
  const lists = Object.entries(called).map(([name, type]) => {
    return `- ${name}: ${codes(Object.keys(objects[type] ?? {}).join(' '))}.`;
  });
  return ['| operation | takes | returns |', '| --- | --- | --- |', ...rows, '', ...lists].join('\n');
}

const codes = (names: string) => (names === '' ? '–' : `\`${names.replaceAll(' ', ', ')}\``);

/** What the manual calls the objects in answers. */
const called = {
  'A secret has': 'Secret',
  'A version has': 'Version',
  '`version_metadata` has': 'VersionMetadata',
  'A stage has': 'Stage',
  '`page_info` has': 'PageInfo',
  'An entry of `resources` has': 'ActionResources',
};

/** What the emulator refuses, and how it answers. */
export function refusalsTable(): string {
  const rows = refused.map(([what, method, path, change = {}]) => {
    const { headers = [], body } = change;
    const raw = { method, target: `/v1/p${path}`, headers: new Map([...anyToken, ...headers]), body };
    const [status, answer] = clientOfDb().sendRaw(raw);
    const { error_code, error_msg } = Object(answer);
    if (status < 400) throw new Error(`The emulator does not refuse ${what}.`);
    // The code says what the first sentence of most messages says.
    return `| ${what} | ${status} ${error_code} | ${error_msg.replace(/^[^."]*\. /, '')} |`;
  });
  const others = notEmulated.map(([operation]) => operation).filter((operation) => operation !== 'RotateSecret');
  return [
    '| request | error | sentence |',
    '| --- | --- | --- |',
    ...rows,
    '',
    `These operations return 501, too: ${others.join(', ')}.`,
  ].join('\n');
}

const json = (body: object) => ({ body: JSON.stringify(body) });
const creation = (fields: object) => json({ name: 'other', secret_string: 'x', ...fields });

const refused: readonly (readonly [
  what: string,
  method: string,
  path: string,
  change?: { readonly headers?: readonly (readonly [string, string])[]; readonly body?: string },
])[] = [
  ['`auto_rotation: true`', 'POST', '/secrets', creation({ auto_rotation: true })],
  ['`tags` in CreateSecret or UpdateSecret', 'POST', '/secrets', creation({ tags: [] })],
  ['`version_stages` in CreateSecret', 'POST', '/secrets', creation({ version_stages: [] })],
  ['`expire_time` in CreateSecret', 'POST', '/secrets', creation({ expire_time: 1 })],
  ['a value in UpdateSecret', 'PUT', '/secrets/db', json({ secret_string: 'x' })],
  [
    '`name`, `secret_type`, `rotation_config` or `enterprise_project_id` in UpdateSecret',
    'PUT',
    '/secrets/db',
    json({ secret_type: 'COMMON' }),
  ],
  ['`password_policy_name`', 'POST', '/csms/generate-password', json({ password_policy_name: 'x' })],
  [
    '`expire_time` in seconds',
    'POST',
    '/secrets/db/versions',
    json({ secret_string: 'x', expire_time: 1_767_225_600 }),
  ],
  [
    '`Authorization: V11-HMAC-SHA256 …`',
    'GET',
    '/secrets',
    {
      headers: [
        ['x-auth-token', ''],
        ['authorization', 'V11-HMAC-SHA256 Access=a'],
      ],
    },
  ],
  ['`Content-Encoding: gzip`', 'POST', '/secrets', { headers: [['content-encoding', 'gzip']], body: 'x' }],
  ['RotateSecret', 'POST', '/secrets/db/rotate'],
];
