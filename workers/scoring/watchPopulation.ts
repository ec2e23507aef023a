import type { ScoreRun } from '../../queues/scoring.ts';
import { rounded } from '../../src/artefacts/files/roundedNumber.ts';
import { writeStability } from '../../src/artefacts/run/stabilityFile.ts';
import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import type { ModelCard } from '../../src/registry/modelCard.ts';
import { readReference } from '../../src/registry/populationReference.ts';
import type { WorkContext } from '../processor.ts';

/** What the run report says of the population stability index, or why it has none. */
export type StabilityReport =
  | { readonly is_available: false; readonly reason: string }
  | {
      readonly is_available: true;
      readonly file: string;
      readonly predictions_from: string;
      readonly variables: readonly {
        readonly variable: string;
        readonly psi: number;
        readonly level: string;
        readonly expected_by_chance: number;
      }[];
    };

/** Compares the customers of a run with those that its model was trained on, and writes `psi_<cutoff>.csv`. */
export async function watchPopulation(
  run: ScoreRun,
  card: ModelCard,
  { matrix, predictions }: { readonly matrix: FeatureMatrix; readonly predictions: Float64Array },
  { home, pool, log, signal }: WorkContext,
): Promise<StabilityReport> {
  const reference = await readReference(home, card);
  if (typeof reference === 'string') {
    log.warn({ reason: reference }, 'the population stability index is not available');
    return { is_available: false, reason: reference };
  }
  const variables = await pool.run(
    'measureStabilityTask',
    { references: reference.variables, matrix, predictions },
    signal,
  );
  const file = await writeStability(home.outputs, run, variables);
  const large = variables.filter(({ level }) => level === 'large').map(({ variable }) => variable);
  if (large.length > 0) log.warn({ file, large }, 'customers differ much from those of the training');
  return {
    is_available: true,
    file,
    predictions_from: reference.predictions_from,
    variables: variables.map(({ variable, psi, level, expectedByChance }) => ({
      variable,
      psi: rounded(psi, 6),
      level,
      expected_by_chance: rounded(expectedByChance, 6),
    })),
  };
}
