/**
 * Run as a process of its own: starts a cluster, says where it is on one line, and does what it was told to.
 * `hold`: waits to be killed; `keep`: lets it outlive this process; `exit`: ends without stopping it.
 */
import { startEmbedded } from '../../../src/postgres/embedded/index.ts';

const [what, parent] = process.argv.slice(2);
const cluster = await startEmbedded({ parent });
if (what === 'keep') cluster.keep();
console.log(JSON.stringify({ folder: cluster.folder.path, data: cluster.folder.data, pid: cluster.pid }));
if (what === 'hold') setInterval(() => undefined, 1000);
if (what === 'exit') process.exit(3);
