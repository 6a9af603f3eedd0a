// @ts-check
// The child process of emulator.js: makes requests to a server over connections that stay open. It writes HTTP by hand, because
// Node's client takes longer than the server and would measure itself.
import { ok } from 'node:assert';
import { connect } from 'node:net';
import process from 'node:process';
import { connections, headers, updateOf } from './updates.js';

const { hostname, port } = new URL(process.argv[2] ?? '');
const sockets = Array.from({ length: connections }, () =>
  connect({ host: hostname, port: Number(port), noDelay: true }).setEncoding('latin1'),
);
const head = Object.entries({ host: hostname, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);

/** @type {(socket: import('node:net').Socket, target: string, body: string) => Promise<string>} The body of the response. */
const put = (socket, target, body) =>
  new Promise((resolve) => {
    let text = '';
    const collect = (/** @type {string} */ chunk) => {
      text += chunk;
      const [start = '', answer = ''] = text.split('\r\n\r\n');
      if (answer === '' || answer.length < Number(/content-length: (\d+)/i.exec(start)?.[1])) return;
      ok(start.startsWith('HTTP/1.1 200 '), text);
      socket.off('data', collect);
      resolve(answer);
    };
    socket.on('data', collect);
    socket.write(`PUT ${target} HTTP/1.1\r\n${head.join('')}content-length: ${body.length}\r\n\r\n${body}`);
  });

/** @typedef {{ isEmpty: boolean, count: number, first: number, requests: number }} Order */
process.on('message', async (/** @type {Order} */ { isEmpty, count, first, requests }) => {
  await Promise.all(
    sockets.map(async (socket, own) => {
      for (let turn = first + own; turn < first + requests; turn += connections) {
        const { target, versionId, body } = updateOf(count, turn);
        const answer = await put(socket, isEmpty ? '/empty' : target, body);
        ok(isEmpty || answer.includes(`"version_id":"${versionId}"`), answer);
      }
    }),
  );
  process.send?.('done');
});
process.once('disconnect', () => {
  for (const socket of sockets) socket.end();
});
