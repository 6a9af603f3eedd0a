// @ts-check
// The child process of emulator.js and aws.js: makes requests to servers over connections that stay open if the server allows it. It
// writes HTTP by hand, because Node's client takes longer than the server and would measure itself.
import { ok } from 'node:assert';
import { connect } from 'node:net';
import process from 'node:process';
import { updateOf } from './updates.js';

/**
 * @typedef {import('node:net').Socket} Socket
 * @typedef {{ target: string, body: string, expected: string }} Call `expected` is a part of the response.
 * @typedef {{
 *   url: string,
 *   method: string,
 *   headers: Readonly<Record<string, string>>,
 *   connections: number,
 *   requests: number,
 *   first?: number,
 *   count?: number,
 *   calls?: readonly Call[],
 * }} Order The updates of updates.js from `first` on, or `calls` again and again.
 */

/** @type {Map<string, Socket>} */
const sockets = new Map();

/** @type {(url: string, own: number) => Socket} The open connection of that number, or a new one. */
const socketOf = (url, own) => {
  const key = `${url} ${own}`;
  const kept = sockets.get(key);
  if (kept && !kept.destroyed) return kept;
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true }).setEncoding('latin1');
  sockets.set(key, socket);
  return socket;
};

/** @type {(socket: Socket, head: string, body: string) => Promise<string>} The body of the response. */
const send = (socket, head, body) =>
  new Promise((resolve) => {
    let text = '';
    const collect = (/** @type {string} */ chunk) => {
      text += chunk;
      const [start = '', answer = ''] = text.split('\r\n\r\n');
      if (answer === '' || answer.length < Number(/content-length: (\d+)/i.exec(start)?.[1])) return;
      ok(start.startsWith('HTTP/1.1 200 '), text);
      socket.off('data', collect);
      if (start.includes('\r\nConnection: close')) socket.destroy();
      resolve(answer);
    };
    socket.on('data', collect);
    socket.write(`${head}content-length: ${body.length}\r\n\r\n${body}`);
  });

process.on('message', async (/** @type {Order} */ order) => {
  const { url, method, headers, connections, requests, first = 0, count = 0, calls } = order;
  const head = Object.entries({ host: new URL(url).hostname, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  await Promise.all(
    Array.from({ length: connections }, async (_, own) => {
      for (let turn = first + own; turn < first + requests; turn += connections) {
        const { target, body, expected } = calls?.[turn % calls.length] ?? updateOf(count, turn);
        const answer = await send(socketOf(url, own), `${method} ${target} HTTP/1.1\r\n${head}`, body);
        ok(answer.includes(expected), answer);
      }
    }),
  );
  process.send?.('done');
});
process.once('disconnect', () => {
  for (const socket of sockets.values()) socket.end();
});
