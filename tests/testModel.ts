import { createHash } from 'node:crypto';
import { replaceFile } from '../src/artefacts/files/replaceFile.ts';
import type { Home } from '../src/config/home.ts';
import { forestPath, type ModelCard, writeCard } from '../src/registry/modelCard.ts';

/** The baseline of every candidate below. */
export const TEST_BASELINE: ModelCard['metrics']['out_of_time'] = {
  customers: 100,
  rmse: 50,
  mae: 20,
  bias: 0,
  r2: 0.4,
  spearman: 0.5,
  normalizedGini: 0.6,
  meanActual: 80,
  meanPredicted: 80,
  fit_cutoff: '2025-01-01',
  measured_cutoff: '2025-07-01',
  has_full_history: true,
  rmse_of_mean: 70,
};

/** Writes a candidate whose binary is a few bytes that no test reads; gives its card. */
export async function writeTestCandidate(
  home: Home,
  modelId: string,
  rmse = TEST_BASELINE.rmse,
): Promise<ModelCard> {
  const bytes = Buffer.from(`the binary of ${modelId}`);
  const card: ModelCard = {
    model_id: modelId,
    created_at: '2026-01-01T11:00:00.000Z',
    code_commit: 'unknown',
    cutoff: '2025-07-01',
    history_months: 12,
    pred_months: 6,
    training_window: { start: '2024-07-01', end: '2026-01-01' },
    hyper_parameters: { trees: 1 },
    seed: 42,
    features: ['revenue_sum'],
    data: { orders: 1000, customers: 100, firstDate: '2024-01-01', lastDate: '2025-12-31', sha256: '00' },
    metrics: {
      out_of_time: {
        ...TEST_BASELINE,
        rmse,
      },
      out_of_bag: null,
    },
    forest: {
      file: `${modelId}.forest`,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
    status: 'candidate',
  };
  await replaceFile(forestPath(home, modelId), bytes);
  await writeCard(home, card);
  return card;
}
