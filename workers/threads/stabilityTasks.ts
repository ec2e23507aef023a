import {
  describePopulation,
  measureStability,
  type PopulationReference,
  type VariableStability,
} from '../../src/domain/drift/populationStability.ts';
import { columnOf, type FeatureMatrix } from '../../src/domain/features/matrix.ts';
import { poolTask } from './taskAnswer.ts';

/** What the predictions are called beside the features. */
const PREDICTIONS = 'predicted_clv';

/** The references of every feature and of the predictions; customers without a prediction (NaN) are left out of the latter. */
export const describePopulationTask = poolTask(
  (task: {
    readonly matrix: FeatureMatrix;
    readonly predictions: Float64Array;
  }): Record<string, PopulationReference> => ({
    ...Object.fromEntries(
      task.matrix.featureNames.map((name) => [name, describePopulation(columnOf(task.matrix, name))]),
    ),
    [PREDICTIONS]: describePopulation(task.predictions.filter((value) => !Number.isNaN(value))),
  }),
);

/** How far every variable of the reference has moved in a run. */
export const measureStabilityTask = poolTask(
  (task: {
    readonly references: Readonly<Record<string, PopulationReference>>;
    readonly matrix: FeatureMatrix;
    readonly predictions: Float64Array;
  }): VariableStability[] =>
    Object.entries(task.references).map(([name, reference]) =>
      measureStability(
        name,
        reference,
        name === PREDICTIONS ? task.predictions : columnOf(task.matrix, name),
      ),
    ),
);
