import type { Target } from '../connection/target.ts';
import type { OpenClient } from './client.ts';
import { openTransport } from './transport.ts';

const patienceMilliseconds = 5000;

/**
 * Asks the server to cancel what a connection runs: a CancelRequest over a connection of its own to the
 * same address, encrypted as the first one was (protocol: "Canceling Requests in Progress"). The server
 * answers by closing; whether it was in time shows only in the statement itself.
 */
export async function sendCancel(open: OpenClient, target: Target): Promise<void> {
  if (open.key === undefined) return;
  const signal = AbortSignal.timeout(patienceMilliseconds);
  const { socket } = await openTransport(open.endpoint, target, open.transport.tls, signal);
  const request = Buffer.alloc(16);
  request.writeInt32BE(16, 0);
  request.writeInt32BE(80877102, 4);
  request.writeInt32BE(open.key.processId, 8);
  request.writeInt32BE(open.key.secret, 12);
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    signal.addEventListener('abort', () => socket.destroy());
    socket.resume();
    socket.end(request);
  });
}
