import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newestCompleteRun } from '../../src/artefacts/run/runReport.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(`${tmpdir()}/clv-reports-`);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Reports of one cutoff, all with one time of writing, in an order of their own. */
async function writeAtOnce(months: readonly number[]): Promise<void> {
  for (const predMonths of months) {
    const path = `${folder}/clv_run_20260101_pred${predMonths}m.json`;
    await writeFile(path, '{}');
    await utimes(path, 1_767_225_600, 1_767_225_600);
  }
}

test.each([[[3, 12, 6]], [[12, 6, 3]], [[6, 3, 12]]])(
  'of runs whose reports were written at one moment (horizons %j) the longest is the newest',
  async (months) => {
    await writeAtOnce(months);
    expect(await newestCompleteRun(folder)).toMatchObject({ cutoff: '2026-01-01', predMonths: 12 });
  },
);
