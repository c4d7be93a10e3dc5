import { afterEach, expect, test, vi } from 'vitest';
import { UserError } from '../../src/base/user-error.ts';
import { reportError } from '../../src/commands/base/report-error.ts';

const context = { argv: ['plan'], json: false, env: { APP_PASSWORD: 'hunter22' }, usage: { command: 'plan', flags: [] }, signal: undefined };

/** What is written while `work` runs. */
function written(work: () => number): { readonly code: number; readonly stdout: string; readonly stderr: string } {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const code = work();
  const text = (spy: typeof out): string => spy.mock.calls.map(([chunk]) => String(chunk)).join('');
  return { code, stdout: text(out), stderr: text(err) };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('an unexpected error is called a bug; its stack comes on request only, and no secret ever', () => {
  const bug = new TypeError('cannot read x of postgres://me:geheim@db/app with hunter22');
  const plain = written(() => reportError(bug, context));
  expect(plain).toMatchObject({ code: 1, stdout: '' });
  expect(plain.stderr).toContain('fdw has a bug');
  expect(plain.stderr).toContain('FDW_DEBUG=1');
  expect(plain.stderr).not.toMatch(/geheim|hunter22|report-error\.test/);
  vi.restoreAllMocks();
  const debug = written(() => reportError(bug, { ...context, env: { ...context.env, FDW_DEBUG: '1' } }));
  expect(debug.stderr).toContain('report-error.test.ts');
  expect(debug.stderr).not.toMatch(/geheim|hunter22/);
});

test('a user error says what, why and what to do, as text and as JSON', () => {
  const error = new UserError('no-way', 'It did not work.', { why: 'The bridge is closed.', todo: 'Take the ferry.' });
  expect(written(() => reportError(error, context))).toEqual({
    code: 1,
    stdout: '',
    stderr: 'Error: It did not work.\n  The bridge is closed.\n  → Take the ferry.\n',
  });
  vi.restoreAllMocks();
  const { stdout, stderr } = written(() => reportError(error, { ...context, json: true }));
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual({
    format_version: 1,
    error: { id: 'no-way', message: 'It did not work.', why: 'The bridge is closed.', todo: 'Take the ferry.' },
  });
});

test('after Ctrl-C, whatever was thrown, the exit code is 130', () => {
  expect(written(() => reportError(new Error('connection closed'), { ...context, signal: AbortSignal.abort() })).code).toBe(130);
});
