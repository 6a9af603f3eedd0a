// Rotates a secret on the emulator with Huawei Cloud's Node SDK, replays the recording, and checks a rotation that stopped halfway.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js';
import { ClientBuilder } from '@huaweicloud/huaweicloud-sdk-core/ClientBuilder.js';

const print = (text) => process.stdout.write(`${text}\n`);
const run = (args, input = '') =>
  spawnSync(process.execPath, ['dist/cli.js', ...args], { input, stdio: ['pipe', 'inherit', 'inherit'] });

const server = spawn(process.execPath, ['dist/cli.js', 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
let log = '';
server.stdout.setEncoding('utf8').on('data', (text) => {
  log += text;
});
while (!/http:\S+\s/.test(log)) await once(server.stdout, 'data');
const [url] = /http:\S+/.exec(log) ?? [];

const { client } = new ClientBuilder((client) => ({ client }))
  .withCredential(new BasicCredentials().withAk('any').withSk('any').withProjectId('demo'))
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
  // A recording does not need the values.
  const { secret_string, ...body } = data ?? {};
  recording.push(JSON.stringify({ at, method, path: `/v1/demo/secrets${path}`, body, response }));
  return response;
};

await call('POST', '', { name: 'db-password', secret_string: 'first password' });
const { version_metadata } = await call('POST', '/db-password/versions', {
  secret_string: 'second password',
  version_stages: ['pending'],
});
await call('PUT', '/db-password/stages/SYSPREVIOUS', { version_id: 'v1' });
await call('PUT', '/db-password/stages/SYSCURRENT', { version_id: version_metadata.id });
await call('DELETE', '/db-password/stages/pending');

server.kill('SIGTERM');
await once(server, 'close');

print("1. serve: Huawei Cloud's Node SDK rotates a secret on the emulator\n");
print(log.replace(/^(?!\d{4}-).*\n/gm, ''));
print('2. replay: what each of these calls did\n');
run(['replay'], recording.join('\n'));
print('\n3. check: a rotation that stopped halfway\n');
run(['check', 'test/transcripts/stuck-rotation.jsonl']);
