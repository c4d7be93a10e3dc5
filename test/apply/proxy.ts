import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';

/** What the proxy does with one message of the client that is about to go to the server. */
export type Verdict = 'pass' | 'cut before' | 'cut after';

export interface Proxy {
  readonly port: number;
  /** Asked for every chunk of the client, as latin1 text. */
  judge: (message: string) => Verdict;
  close(): Promise<void>;
}

/** A TCP proxy in front of a PostgreSQL server, that can cut a connection before or after a message gets through. */
export async function startProxy(to: { readonly host: string; readonly port: number }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = createConnection({ host: to.host, port: to.port });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    let silent = false;
    client.on('data', (chunk) => {
      const verdict = proxy.judge(chunk.toString('latin1'));
      if (verdict === 'cut before') {
        client.destroy();
        upstream.destroy();
        return;
      }
      if (verdict === 'cut after') {
        silent = true;
        // The server gets the message, the client never its answer.
        upstream.write(chunk, () => setTimeout(() => { client.destroy(); upstream.destroy(); }, 100));
        return;
      }
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => silent || client.write(chunk));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => silent || client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: Proxy = {
    port: (server.address() as AddressInfo).port,
    judge: () => 'pass',
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
