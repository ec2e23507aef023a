import { defineConfig } from 'vitest/config';
import { LongestFirst } from './tests/longestFirst.ts';

/** Continuous integration reads the counts from a file; people read the default report. */
const jsonReport = process.env.VITEST_JSON_REPORT;

/**
 * Of both projects. Each says them itself: one that took over all of the settings would compile the program once more.
 *
 * Files share the process of a worker, and load the program once: that takes more than a second. What they leave behind is
 * in a home and a Redis of their own.
 *
 * The limits are long enough for a machine that is busy with other work: they are there to end what hangs, and say nothing
 * of speed.
 */
const shared = { isolate: false, testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    globalSetup: ['tests/globalSetup.ts'],
    // One more than the smallest machine has cores: tests that kill wait for locks to expire, and keep no core busy.
    maxWorkers: 3,
    // In another order every time, so that a test which goes on from another one is found at once; the seed of a run is
    // printed, and `--sequence.seed` gives its order again.
    sequence: { sequencer: LongestFirst, shuffle: { tests: true } },
    reporters: jsonReport ? ['default', ['json', { outputFile: jsonReport }]] : ['default'],
    projects: [
      { test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], ...shared } },
      { test: { name: 'e2e', include: ['tests/e2e/**/*.test.ts'], ...shared } },
      { test: { name: 'integration', include: ['tests/integration/**/*.test.ts'], ...shared } },
    ],
  },
});
