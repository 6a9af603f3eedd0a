import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Serves a fetch handler on any free local port. */
export const serve = async (handle: (request: Request) => Promise<Response>) => {
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url = '' } = incoming;
    const body = method === 'GET' ? null : new Uint8Array(await buffer(incoming));
    const response = await handle(new Request(`http://127.0.0.1${url}`, { method, body }));
    outgoing.writeHead(response.status, { 'content-type': 'application/json' });
    outgoing.end(await response.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
};
