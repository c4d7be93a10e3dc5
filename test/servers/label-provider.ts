import { execFile } from 'node:child_process';
import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/*
 * PostgreSQL brings no provider of security labels but sepgsql, which takes a kernel with SELinux. This one takes any label; it does without
 * the server's headers, which npm's binaries lack. Pg_magic_struct: include/fmgr.h, 14, 15 to 17, 18.
 */
const source = `
struct magic {
  int len;
  int version, args, keys, name, float8;
#if VERSION >= 1500
  char extra[32];
#endif
#if VERSION >= 1800
  const char *module, *module_version;
#endif
};
const struct magic *Pg_magic_func(void) {
  static const struct magic m = { sizeof m, VERSION, 100, 32, 64, 1
#if VERSION >= 1500
    , "PostgreSQL"
#endif
  };
  return &m;
}
extern void register_label_provider(const char *name, void (*check)(const void *, const char *));
static void any(const void *object, const char *label) {}
void _PG_init(void) { register_label_provider("fdw \\"test\\"", any); }
`;

/** The name of the provider. */
export const labelProvider = 'fdw "test"';

/** A library to preload that brings a provider; undefined where there is no C compiler. */
export async function buildLabelProvider(major: number): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'fdw-labels-'));
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'labels.c'), source);
  const library = join(folder, 'labels.so');
  try {
    await promisify(execFile)('cc', ['-shared', '-fPIC', `-DVERSION=${major}00`, '-o', library, join(folder, 'labels.c')]);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  return library;
}
