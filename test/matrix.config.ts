import { defineConfig } from 'vitest/config';
import base from '../vitest.config.ts';

// `npm run test:matrix`: the scenarios on all five majors, local and remote mixed; and strikes at every single statement.
process.env['FDW_TEST_MAJORS'] ??= '14,15,16,17,18';
process.env['FDW_STRIKES'] ??= '1';

export default defineConfig({ ...base, test: { ...base.test, include: ['test/scenarios/**/*.test.ts', 'test/apply/strikes.test.ts'] } });
