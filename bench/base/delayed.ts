import { createServer, connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';
import { listening } from '../../test/servers/listening.ts';

/** A way to a port. */
export interface Line {
  readonly port: number;
  /** How often the direction changed to the remote: its round trips, the login's included. */
  turns(): number;
  close(): void;
}

/** A way to a port that takes its time, each way. */
export async function delayed(port: number, milliseconds: number): Promise<Line> {
  let turns = 0;
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connectSocket(port, '127.0.0.1');
    let towardsRemote = false;
    for (const [from, to, outward] of [[near, far, true], [far, near, false]] as const) {
      open.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('data', (chunk: Buffer) => {
        if (outward && !towardsRemote) turns++;
        towardsRemote = outward;
        setTimeout(() => to.write(chunk), milliseconds);
      });
      from.on('close', () => {
        open.delete(from);
        setTimeout(() => to.end(), milliseconds);
      });
    }
  });
  return {
    port: await listening(server),
    turns: () => turns,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
