import { createServer } from 'node:net';

/** A TCP port of 127.0.0.1 that is free now. Another process may take it before we do, so be ready to ask again. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('a listening server without an address'));
      });
    });
  });
}
