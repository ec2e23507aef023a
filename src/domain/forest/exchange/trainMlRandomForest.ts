import { RandomForestRegression } from 'ml-random-forest';
import { ClvError } from '../../errors.ts';
import type { FeatureMatrix } from '../../features/matrix.ts';
import { demandTarget } from '../binning/trainingSet.ts';
import type { Forest } from '../forest.ts';
import { type ForestParams, featuresPerNode } from '../params.ts';
import { fromMlRandomForest, type MlRandomForestJson } from './mlRandomForest.ts';

/** The most customers that `ml-random-forest` is trained on unless it is forced. */
export const mlRandomForestRows = 3000;

/** The shop is too large for `ml-random-forest`. */
export class MlRandomForestTooSlowError extends ClvError {
  constructor(rows: number) {
    super(
      'ML_RANDOM_FOREST_TOO_SLOW',
      `ml-random-forest is refused for ${rows} customers: it looks at every row for every split, so its time grows ` +
        'with the square of the rows. Measured: 10 trees that see 4 of 12 features took 7 s for 3,000 customers ' +
        'and 19 s for 5,000.',
      {
        remedy: `Leave modeling.engine at its default, train on at most ${mlRandomForestRows} customers, or force it.`,
        values: { rows, most: mlRandomForestRows },
      },
    );
  }
}

/**
 * Trains with the library `ml-random-forest` and imports the result, for comparison on small shops. The library draws
 * features once a tree, not at each node. It does not support missing values: they are replaced by a number above all
 * others of the feature, so that they go right at every split, as they do in prediction.
 *
 * @param options `isForced` trains above {@link mlRandomForestRows} rows, however long it takes.
 * @throws MlRandomForestTooSlowError, ForestInputError.
 */
export function trainMlRandomForest(
  matrix: FeatureMatrix,
  target: Float64Array,
  params: ForestParams,
  { isForced = false }: { readonly isForced?: boolean } = {},
): Forest {
  const { rows, featureNames } = matrix;
  if (rows > mlRandomForestRows && !isForced) throw new MlRandomForestTooSlowError(rows);
  demandTarget(target, rows);
  const columns = featureNames.map((_, feature) => {
    const column = matrix.values.subarray(feature * rows, (feature + 1) * rows);
    let largest = 0;
    for (const value of column) if (value > largest) largest = value;
    return column.map((value) => (Number.isNaN(value) ? largest + 1 + Math.abs(largest) : value));
  });
  const library = new RandomForestRegression({
    nEstimators: params.trees,
    maxFeatures: featuresPerNode(params.mtry, featureNames.length),
    replacement: false,
    seed: params.seed,
    useSampleBagging: params.bootstrap,
    noOOB: true,
    treeOptions: {
      maxDepth: params.maxDepth ?? Number.POSITIVE_INFINITY,
      minNumSamples: params.minSamplesLeaf,
    },
  });
  library.train(
    Array.from({ length: rows }, (_, row) => columns.map((column) => column[row])),
    [...target],
  );
  const json = JSON.parse(JSON.stringify(library)) as MlRandomForestJson;
  return fromMlRandomForest(json, featureNames, params, rows);
}
