import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/servers/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    // @oclif/test captures stdout and stderr itself.
    disableConsoleIntercept: true,
    pool: 'forks',
    maxWorkers: 3,
  },
});
