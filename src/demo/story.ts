import { UserError } from '../base/user-error.ts';
import { withSession, type Databases } from './databases.ts';
import { demoQuery, demoSpec } from './files.ts';
import { demoEnvironment } from './folder.ts';
import { textTable } from './table.ts';
import type { DemoRequest } from './types.ts';

/** Shows everything, on databases that run and a folder that is filled. */
export async function tellStory(request: DemoRequest, folder: string, databases: Databases): Promise<void> {
  const env = demoEnvironment(request.env, databases);
  const say = (...lines: readonly string[]): void => { request.out(`\n${lines.map((line) => `# ${line}`).join('\n')}`, 'narration'); };
  const run = async (args: readonly string[], expected = 0): Promise<void> => {
    request.signal.throwIfAborted();
    request.out(`$ fdw ${args.join(' ')}`, 'prompt');
    const code = await request.runFdw(args, { cwd: folder, env, signal: request.signal });
    request.signal.throwIfAborted();
    if (code !== expected) throw stepFailed(args, code, expected);
  };

  say('This is what the analytics database should see of the shop:');
  request.out('$ cat fdw.yaml', 'prompt');
  request.out(demoSpec(databases.shop.port).trimEnd(), 'output');

  say('plan compares that with both databases, and changes nothing.');
  await run(['plan']);

  say('apply does it, in one transaction.');
  await run(['apply', '--yes']);

  say("Now the shop's tables can be used beside the analytics database's own.");
  request.out(`analytics=# ${demoQuery.replaceAll('\n', '\nanalytics-# ')};`, 'prompt');
  request.out(textTable(await withSession(databases.analytics, 'analytics', request.signal, (session) => session.query(demoQuery))), 'output');

  say('Planned again, there is nothing left to do.');
  await run(['plan']);

  say('Which parts of a query run on the shop, and which rows have to come here first?', 'check-pushdown asks the planner about each query in queries/.');
  await run(['check-pushdown'], 2);
  say('It ended with exit code 2, because last-week expects to run fully on the shop, and does not:', 'in CI, that stops the change that made it so.');
}

function stepFailed(args: readonly string[], code: number, expected: number): UserError {
  return new UserError('demo-step-failed', `The demo failed at its step \`fdw ${args.join(' ')}\`.`, {
    why: `It ended with exit code ${code}, not ${expected}. What it said stands above.`,
  });
}
