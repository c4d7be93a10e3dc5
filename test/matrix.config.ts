import { defineConfig } from 'vitest/config';
import base from '../vitest.config.ts';

// `npm run test:matrix`: the scenarios on all five majors, local and remote mixed.
process.env['FDW_TEST_MAJORS'] ??= '14,15,16,17,18';

export default defineConfig({ ...base, test: { ...base.test, include: ['test/scenarios/**/*.test.ts'] } });
