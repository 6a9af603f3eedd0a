import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type CreateSecret,
  type Dialect,
  type SecretAction,
  type SecretState,
  tryCreateSecret,
  tryReduce,
} from 'secret-stages';
import { expect, test } from 'vitest';
import { dialects, folder, type Rules, vectorFiles, withRules } from './run-vectors.ts';

const page = readFileSync(join(folder, 'README.md'), 'utf8');
const [, pasted = ''] = /```python\n(.*?)```/s.exec(page) ?? [];

interface Question {
  readonly dialect: Dialect;
  readonly before?: SecretState;
  readonly action: SecretAction & CreateSecret;
}

const run = promisify(execFile);
const hasPython = await run('python3', ['--version']).then(
  () => true,
  () => false,
);

test.skipIf(!hasPython)(
  'what the page tells to paste holds an implementation behind a route to the cases',
  async () => {
    let changes: Rules = {};
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { dialect: given, before, action }: Question = JSON.parse(Buffer.concat(chunks).toString());
      const dialect = withRules(given, changes);
      const outcome = before ? tryReduce(before, action, dialect) : tryCreateSecret(action, dialect);
      response.end(JSON.stringify(outcome.ok ? { after: outcome.state } : { refused: outcome.refusal.code }));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const copy = mkdtempSync(join(tmpdir(), 'vectors-'));
    try {
      for (const file of ['dialect.json', ...Object.keys(dialects), 'optional', ...vectorFiles.map(([path]) => path)]) {
        cpSync(join(folder, file), join(copy, file), { recursive: true, filter: (path) => !/generated/.test(path) });
      }
      const runner = readFileSync(join(folder, 'runner.py'), 'utf8');
      const [head, tail] = runner.split('def fault');
      expect(tail).toBeDefined();
      expect(pasted).toContain('http://127.0.0.1:8080/');
      writeFileSync(join(copy, 'runner.py'), `${head}${pasted.replace(':8080/', `:${port}/`)}\ndef fault${tail}`);
      const play = () => run('python3', [join(copy, 'runner.py')], { env: { ...process.env, no_proxy: '127.0.0.1' } });

      const { stdout } = await play();
      expect(stdout).toMatch(/^assign-stage\.json: (\d+) of \1 pass$/m);
      changes = { stages: { previousIsRemovable: true } };
      await expect(play()).rejects.toMatchObject({
        code: 1,
        stdout: expect.stringContaining('fails: remove-stage/previous\n'),
      });
    } finally {
      server.close();
      rmSync(copy, { recursive: true });
    }
  },
);
