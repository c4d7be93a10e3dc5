import { createServer, type Socket } from 'node:net';
import { listening } from './listening.ts';

/** A port that takes connections and never says a word. */
export async function silence(): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  return {
    port: await listening(server),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
