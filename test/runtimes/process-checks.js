// @ts-check
// What is checked where there are processes: in Node, Bun and Deno. `run.js` bundles this file, once for each kind of module.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCsmsEmulator } from 'secret-stages/emulator';
import { openStore, serve } from 'secret-stages/server';
import { storeContract } from 'secret-stages/testing';
import { mustBe, runAll, runChecks, thrownBy } from './checks.js';

/** @type {Readonly<Record<string, import('./checks.js').Check>>} */
const checks = {
  server: async (note) => {
    /** @type {import('secret-stages/server').Answered[]} */
    const log = [];
    const { url, close } = await serve(createCsmsEmulator({ clock: () => 1_581_507_580_000 }), {
      requestTimeout: 1000,
      onAnswer: (answered) => log.push(answered),
    });
    const secrets = `${url}/v1/p/secrets`;
    const headers = { 'x-auth-token': 'any' };
    const body = '{"name": "db", "secret_string": "ß \u{1f511}"}';
    const created = await fetch(secrets, { method: 'POST', headers, body });
    note(created.status, await created.text());
    mustBe('the status of CreateSecret', created.status, 200);
    for (const path of ['/db', '/db/versions/v1', '/nope', '?marker=%zz']) {
      const response = await fetch(`${secrets}${path}`, { headers });
      note(path, response.status, response.headers.get('content-type'), await response.text());
    }
    const deleted = await fetch(`${secrets}/db`, { method: 'DELETE', headers });
    note(deleted.status, await deleted.text());

    const { port } = new URL(url);
    const lines = (/** @type {readonly string[]} */ ...all) => `${all.join('\r\n')}\r\n\r\n`;
    const long = `x: ${'y'.repeat(2000)}`;
    for (const [what, text] of Object.entries({
      'not HTTP': lines('hello'),
      'the body is too long': `${lines('POST /v1/p/secrets HTTP/1.1', 'x-auth-token: any', 'content-length: 300000', 'connection: close')}${'x'.repeat(300_000)}`,
      'the headers are too long': lines('GET /v1/p/secrets HTTP/1.1', ...Array.from({ length: 50 }, () => long)),
      'another Expect': lines('GET /v1/p/secrets HTTP/1.1', 'expect: 200-ok', 'connection: close'),
      'the method CONNECT': lines('CONNECT csms.example.com:443 HTTP/1.1'),
      'an unknown method': lines('PURGE /v1/p/secrets HTTP/1.1', 'x-auth-token: any', 'connection: close'),
      'a proxy': lines(
        'GET http://csms.example.com/v1/p/secrets/db HTTP/1.1',
        'x-auth-token: any',
        'connection: close',
      ),
      'two tokens': lines('GET /v1/p/secrets HTTP/1.1', 'x-auth-token: a', 'X-Auth-Token: b', 'connection: close'),
      'no end': 'GET /v1/p/secrets HTTP/1.1\r\nx-auth-token',
    })) {
      note(what, statusAndBody(await exchange(Number(port), text)));
    }
    note(await thrownBy(() => serve(createCsmsEmulator(), { port: 70_000 })));
    await close();
    note(
      log.map(({ method, path, status, errorCode, errorMessage }) => [method, path, status, errorCode, errorMessage]),
    );
    mustBe(
      'whether a closed server answers',
      await thrownBy(() => fetch(secrets)).then((text) => text !== 'nothing thrown'),
      true,
    );
    return `${log.length} requests`;
  },

  store: async (note) => {
    const folder = mkdtempSync(join(tmpdir(), 'secret-stages-store-'));
    /** @type {import('secret-stages/server').DiskStore[]} */
    const opened = [];
    const open = async (/** @type {string} */ name) => {
      const store = await openStore(join(folder, name));
      opened.push(store);
      return store;
    };
    try {
      for (const [index, { sentence, check }] of storeContract.entries()) {
        await check(() => open(`clause-${index}`));
        note(sentence);
      }
      const clock = () => 1_581_507_580_000;
      const emulator = createCsmsEmulator({ store: await open('kept'), clock });
      const body = '{"name": "db", "secret_string": "ß \u{1f511}"}';
      await emulator.fetch('https://csms/v1/p/secrets', { method: 'POST', headers: { 'x-auth-token': 'any' }, body });
      const again = createCsmsEmulator({ store: await open('kept'), clock });
      note(await again.snapshot({ values: true }));
      mustBe('the snapshot of a store that was opened again', await again.snapshot(), await emulator.snapshot());

      const withoutFolder = async (/** @type {string} */ name) =>
        (await thrownBy(() => open(name))).replaceAll(folder, '');
      writeFileSync(join(folder, 'file'), '');
      note(await withoutFolder('file'));
      for (const store of opened.splice(0)) store.close();
      const file = join(folder, 'kept', 'secret-stages.sqlite');
      writeFileSync(file, readFileSync(file).subarray(0, 5000));
      note(await withoutFolder('kept'));
      writeFileSync(file, 'not a database, but long enough to look like one'.repeat(100));
      note(await withoutFolder('kept'));
      writeFileSync(file, '');
      note(await withoutFolder('kept'));
      return `${storeContract.length} clauses, three damaged files`;
    } finally {
      for (const store of opened) store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/**
 * Sends text to a port of this machine, and returns what comes back until the other side hangs up.
 *
 * @param {number} port
 * @param {string} text
 * @returns {Promise<string>}
 */
function exchange(port, text) {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    const late = setTimeout(() => socket.destroy(new Error('no answer within 5 seconds')), 5000);
    socket.setEncoding('utf8');
    socket.on('data', (/** @type {string} */ chunk) => {
      heard += chunk;
    });
    socket.on('error', (error) => {
      heard += `\r\n\r\n${error.message}`;
    });
    socket.on('close', () => {
      clearTimeout(late);
      resolve(heard);
    });
  });
}

const statusAndBody = (/** @type {string} */ answer) => {
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  return [head.split(' ')[1], rest.join('\r\n\r\n')];
};

const [, , dataFile = '', resultFile = ''] = process.argv;
const data = JSON.parse(readFileSync(dataFile, 'utf8'));

async function main() {
  const results = [...(await runChecks(data)), ...(await runAll(checks, data))];
  writeFileSync(resultFile, JSON.stringify(results));
}

main();
