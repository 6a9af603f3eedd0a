import { createServer } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { rotateWith, send as sendTo } from '../emulator/rotating.ts';
import { answerAt } from './answer-at.ts';
import { freshFolder, startServing } from './serving.ts';

const secret = { SecretId: 'db' };
const [first, second] = ['1'.repeat(36), '2'.repeat(36)];

// The function hangs after its work in a step, the server is killed, and another one takes over the folder.
test.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])(
  'a rotation whose server is killed in %s is retried as a whole after a restart',
  async (killedIn) => {
    let url = '';
    let hangs = true;
    const steps: string[] = [];
    const lambda = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      if (request.method === 'GET') return response.writeHead(404).end();
      const event = JSON.parse(Buffer.concat(chunks).toString());
      await rotateWith({ answer: (asked) => answerAt(url, asked) }, event);
      steps.push(event.Step);
      return hangs && event.Step === killedIn ? undefined : response.end('null');
    });
    await new Promise<void>((listening) => lambda.listen(0, '127.0.0.1', listening));
    onTestFinished(() => {
      lambda.closeAllConnections();
      lambda.close();
    });
    const endpoint = `http://127.0.0.1:${Object(lambda.address()).port}`;
    const folder = freshFolder();
    const start = async () => {
      const options = ['--data', folder, '--lambda-endpoint', endpoint, '--control'];
      const serving = await startServing('--cloud', 'aws-secrets-manager', ...options);
      url = serving.url;
      return serving;
    };
    const send = (operation: string, body: object) =>
      sendTo({ answer: (request) => answerAt(url, request) }, operation, body);
    const stages = async () => (await send('DescribeSecret', secret))['VersionIdsToStages'];
    /** Steps the clock to so many seconds from now, and waits for what is due. */
    const stepTo = async (seconds: number) => {
      const body = JSON.stringify({ clock: Date.now() + seconds * 1000, tick: true });
      expect((await fetch(`${url}/_control`, { method: 'POST', body })).status).toBe(200);
    };

    const serving = await start();
    await send('CreateSecret', { Name: 'db', SecretString: 'one', ClientRequestToken: first });
    await send('RotateSecret', { ...secret, ClientRequestToken: second, RotationLambdaARN: 'rotate' });
    await vi.waitFor(() => expect(steps).toContain(killedIn));
    await serving.end('SIGKILL');
    hangs = false;

    await start();
    const isMoved = killedIn === 'finishSecret';
    await vi.waitFor(async () =>
      expect(await stages()).toEqual(
        isMoved
          ? { [first]: ['AWSPREVIOUS'], [second]: ['AWSCURRENT', 'AWSPENDING'] }
          : { [first]: ['AWSCURRENT'], [second]: ['AWSPENDING'] },
      ),
    );
    steps.length = 0;
    // The step has timed out. The rotation waits for its next attempt.
    await stepTo(31);
    expect(steps).toEqual([]);
    await stepTo(120);
    expect(steps).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
    expect(await stages()).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['AWSCURRENT'] });
    expect(await send('GetSecretValue', secret)).toMatchObject({ SecretString: `of ${second}` });
  },
);
