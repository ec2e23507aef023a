import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/longestFirst.ts';

/** Continuous integration reads the counts from a file; people read the default report. */
const jsonReport = process.env.VITEST_JSON_REPORT;

/**
 * Long enough for a machine that is busy with other work: a limit is there to end what hangs, and says nothing of speed.
 * Each project says them itself: one that took over all of the settings would compile the program once more.
 */
const patience = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    globalSetup: ['tests/globalSetup.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    reporters: jsonReport ? ['default', ['json', { outputFile: jsonReport }]] : ['default'],
    projects: [
      // Pure functions leave nothing behind: their files share a process, and load what they test once.
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], isolate: false, ...patience } },
      { test: { name: 'integration', include: ['tests/integration/**/*.test.ts'], ...patience } },
    ],
  },
});
