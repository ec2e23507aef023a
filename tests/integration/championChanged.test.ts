import { afterEach, beforeEach, expect, test } from 'vitest';
import { plainTraining } from '../../queues/modelBuild.ts';
import type { TrainingResult } from '../../src/cli/runTraining.ts';
import { describeTraining } from '../../src/cli/summaries.ts';
import { findChampion } from '../../src/registry/champion.ts';
import { trainChampionProcessor } from '../../workers/modelBuild/trainChampion.ts';
import { lazyPool, openProcessorBench } from '../maturedWindow.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';
import { writeTestCandidate } from '../testModel.ts';

const OLD = 'clv_model_20250101_000000';
const NEW = 'clv_model_20260101_000000';

let folder: TemporaryHome;

beforeEach(async () => {
  folder = await makeHome();
});
afterEach(() => folder.remove());

/** Takes up a training whose process died after the model was written, with the champion that its signature knew. */
async function takeUp(modelId: string, champion: string | null | undefined): Promise<TrainingResult> {
  await writeTestCandidate(folder.home, modelId);
  const signOff = { approver: 'Ada', note: 'as always', ticket: null, champion };
  const bench = openProcessorBench(folder.home, lazyPool());
  const request = { ...plainTraining(modelId), signOff };
  return (await bench.run(trainChampionProcessor, request, Date.UTC(2026, 0, 1, 12))) as TrainingResult;
}

const championId = async () => (await findChampion(folder.home))?.model_id ?? null;

test('a training that is taken up late does not replace a champion that its signature did not know', async () => {
  await takeUp(NEW, null);
  expect(await championId()).toBe(NEW);
  const result = await takeUp(OLD, null);
  expect(await championId()).toBe(NEW);
  expect(result).toMatchObject({ model_id: OLD, status: 'candidate', champion: NEW });
  expect(describeTraining(result)).toContain(
    `Not signed ${OLD} was signed off as the first champion, but ${NEW} serves by now. It stays a candidate: compare it (clv compare ${OLD} ${NEW}), then decide with clv approve.`,
  );
});

test('it replaces the champion that its signature knew, and any where it names none', async () => {
  await takeUp(OLD, null);
  const result = await takeUp(NEW, OLD);
  expect(result).toMatchObject({ status: 'champion', champion: NEW });
  expect(result).not.toHaveProperty('left_open');
  await takeUp('clv_model_20260102_000000', undefined);
  expect(await championId()).toBe('clv_model_20260102_000000');
});
