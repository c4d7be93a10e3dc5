import { createConnection, createServer, type Socket } from 'node:net';
import { listening } from '../servers/listening.ts';

/** What the proxy does with one message of the client that is about to go to the server. */
export type Verdict = 'pass' | 'cut before' | 'cut after';

export interface Proxy {
  readonly port: number;
  /** Asked for everything that the client sends, as latin1 text: a statement with what belongs to it at a time, also where many come at once. */
  judge: (message: string) => Verdict;
  close(): Promise<void>;
}

/** A chunk from one Parse message (`P`, its length, its text) to the next; as it is where it does not end with a message. */
function statementsIn(chunk: Buffer): readonly Buffer[] {
  const starts: number[] = [];
  let at = 0;
  while (at + 5 <= chunk.length) {
    if (at === 0 || chunk[at] === 0x50) starts.push(at);
    at += 1 + chunk.readUInt32BE(at + 1);
  }
  return at === chunk.length ? starts.map((start, index) => chunk.subarray(start, starts[index + 1])) : [chunk];
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
      for (const part of statementsIn(chunk)) {
        const verdict = proxy.judge(part.toString('latin1'));
        if (verdict === 'cut before') {
          // What was let through before gets there.
          upstream.end();
          client.destroy();
          return;
        }
        if (verdict === 'cut after') {
          silent = true;
          // The server gets the message, the client never its answer.
          upstream.write(part, () => setTimeout(() => { client.destroy(); upstream.destroy(); }, 100));
          return;
        }
        upstream.write(part);
      }
    });
    upstream.on('data', (chunk) => silent || client.write(chunk));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => silent || client.destroy());
  });
  const proxy: Proxy = {
    port: await listening(server),
    judge: () => 'pass',
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
