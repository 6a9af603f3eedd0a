// Replays a transcript. Then the official client of Huawei Cloud rotates a secret through the emulator: served, signed, checked, and
// drawn from the recording.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js';

const replay = (args, input = '') =>
  spawnSync(process.execPath, ['dist/cli.js', 'replay', ...args], { input, stdio: ['pipe', 'inherit', 'inherit'] });

replay(['test/transcripts/rotation.jsonl']);

const folder = mkdtempSync(join(tmpdir(), 'secret-stages-demo-'));
const credentials = join(folder, 'credentials.json');
writeFileSync(
  credentials,
  JSON.stringify({ keys: [{ access: 'DEMO', secret: 'demo-secret-key', projects: ['demo'] }] }),
);

const server = spawn(process.execPath, ['dist/cli.js', 'serve', '--credentials', credentials], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let log = '';
server.stdout.setEncoding('utf8').on('data', (text) => {
  log += text;
});
while (!log.includes('\n\n')) await once(server.stdout, 'data');
const [url] = /http:\S+/.exec(log) ?? [];

const { client } = new ClientBuilder((client) => ({ client }))
  .withCredential(new BasicCredentials().withAk('DEMO').withSk('demo-secret-key').withProjectId('demo'))
  .withEndpoint(url)
  .build();

const recording = [];
const call = async (method, path, data) => {
  const at = Date.now();
  const response = await client.sendRequest({
    method,
    url: `/v1/{project_id}/secrets${path}`,
    contentType: 'application/json',
    headers: { 'content-type': 'application/json' },
    queryParams: {},
    pathParams: {},
    data,
  });
  // A value is nobody's business.
  const { secret_string, ...body } = data ?? {};
  recording.push(JSON.stringify({ at, method, path: `/v1/demo/secrets${path}`, body, response }));
  return response;
};

await call('POST', '', { name: 'db-password', secret_string: 'the first password' });
const { version_metadata } = await call('POST', '/db-password/versions', {
  secret_string: 'the second password',
  version_stages: ['pending'],
});
await call('PUT', '/db-password/stages/SYSPREVIOUS', { version_id: 'v1' });
await call('PUT', '/db-password/stages/SYSCURRENT', { version_id: version_metadata.id });
await call('DELETE', '/db-password/stages/pending');

server.kill('SIGTERM');
await once(server, 'close');
rmSync(folder, { recursive: true });

process.stdout.write(`\nThe official client rotates a secret through the emulator\n\n${log}\n`);
replay([], recording.join('\n'));
