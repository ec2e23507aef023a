import { ClvError } from '../../errors.ts';
import { type Forest, quantumFor } from '../forest.ts';
import { leafLimit, treeCount } from '../packedTrees.ts';
import { type ForestParams, featuresPerNode } from '../params.ts';
import { nextAbove, nextBelow } from './neighbouringNumbers.ts';

/** A node of `ml-cart`, as JSON: a leaf has a `distribution`, its mean; any other node has both children. */
interface MlNode {
  readonly distribution?: number;
  readonly splitColumn?: number;
  readonly splitValue?: number;
  readonly numberSamples?: number;
  readonly left?: MlNode;
  readonly right?: MlNode;
}

/** What `RandomForestRegression` of `ml-random-forest` 2 writes with `toJSON()` and reads with `load()`. */
export interface MlRandomForestJson {
  readonly name: 'RFRegression';
  readonly selectionMethod: 'mean' | 'median';
  readonly baseModel: {
    readonly indexes: readonly (readonly number[])[];
    readonly n: number;
    readonly replacement: boolean;
    readonly maxFeatures: number;
    readonly nEstimators: number;
    readonly treeOptions: Readonly<Record<string, unknown>>;
    readonly isClassifier: boolean;
    readonly seed: number;
    readonly useSampleBagging: boolean;
    readonly estimators: readonly {
      readonly name: 'DTRegression';
      readonly options: Readonly<Record<string, unknown>>;
      readonly root: MlNode;
    }[];
  };
}

/** The JSON is not a regression forest of `ml-random-forest`, or one that cannot be imported. */
export class MlRandomForestJsonError extends ClvError {
  constructor(message: string) {
    super('ML_RANDOM_FOREST_JSON_INVALID', message, {
      remedy:
        'Export the model with RandomForestRegression.toJSON() of ml-random-forest 2, selectionMethod "mean".',
    });
  }
}

/**
 * The forest as JSON that `RandomForestRegression.load` of `ml-random-forest` reads. There it predicts the same, up to
 * rounding, for rows without missing values. The library does not support missing values, so the side to which they go
 * at each split is lost.
 */
export function toMlRandomForest(forest: Forest): MlRandomForestJson {
  const { params, featureNames, treeOffsets } = forest;
  const options = {
    kind: 'regression',
    gainFunction: 'regression',
    splitFunction: 'mean',
    minNumSamples: params.minSamplesLeaf,
    maxDepth: params.maxDepth ?? Number.MAX_SAFE_INTEGER,
  };
  const trees = treeCount(forest);
  const every = [...featureNames.keys()];
  return {
    name: 'RFRegression',
    selectionMethod: 'mean',
    baseModel: {
      indexes: Array.from({ length: trees }, () => every),
      n: featureNames.length,
      replacement: false,
      maxFeatures: featuresPerNode(params.mtry, featureNames.length),
      nEstimators: trees,
      treeOptions: options,
      isClassifier: false,
      seed: params.seed,
      useSampleBagging: params.bootstrap,
      estimators: Array.from({ length: trees }, (_, tree) => ({
        name: 'DTRegression',
        options,
        root: toMlNode(forest, treeOffsets[tree], 0),
      })),
    },
  };
}

function toMlNode(forest: Forest, root: number, node: number): MlNode {
  const { nodes, values, cover, edges, edgeOffsets } = forest;
  const left = nodes[2 * (root + node)];
  const rule = nodes[2 * (root + node) + 1];
  if (left === node) return { distribution: values[root + node] };
  const feature = rule >>> 17;
  const edge = edgeOffsets[feature] + (rule & leafLimit) - ((rule >>> 16) & 1);
  // This split only separates missing values from all others: where nothing is missing, everything goes left.
  if (edge === edgeOffsets[feature + 1]) return toMlNode(forest, root, left);
  return {
    splitColumn: feature,
    // Here rows go left at or below the threshold, in the library strictly below it.
    splitValue: Math.min(nextAbove(edges[edge]), Number.MAX_VALUE),
    numberSamples: cover[root + node],
    left: toMlNode(forest, root, left),
    right: toMlNode(forest, root, left + 1),
  };
}

/**
 * Imports a forest that `ml-random-forest` trained, from `toJSON()` or the parsed text of it. It predicts the same, up
 * to rounding. A missing value goes right everywhere, as in the library, where no comparison with NaN holds.
 *
 * The means of inner nodes are not in the JSON. They are computed from the leaves, each counting as one row where the
 * JSON does not say how many it has. So contributions and gain importance of such a forest are approximate.
 *
 * @param featureNames the names of the columns that it was trained on, in order.
 * @throws MlRandomForestJsonError for anything else than a regression forest that takes the mean of its trees.
 */
export function fromMlRandomForest(
  json: MlRandomForestJson,
  featureNames: readonly string[],
  params: ForestParams,
  trainingRows: number,
): Forest {
  if (json.name !== 'RFRegression' || json.baseModel?.isClassifier !== false) {
    throw new MlRandomForestJsonError('The JSON is not a regression forest of ml-random-forest.');
  }
  if (json.selectionMethod !== 'mean') {
    throw new MlRandomForestJsonError(
      `The forest takes the ${json.selectionMethod} of its trees, not the mean.`,
    );
  }
  const trees = json.baseModel.estimators.map(({ root }, tree) =>
    flatten(root, json.baseModel.indexes[tree], featureNames.length),
  );
  const thresholds = featureNames.map((_, feature) => {
    const own = trees.flatMap(({ splits }) => splits.filter((split) => split?.feature === feature));
    return [...new Set(own.map((split) => split!.threshold))].sort((a, b) => a - b);
  });
  const tooMany = thresholds.findIndex((own) => own.length >= leafLimit);
  if (tooMany >= 0)
    throw new MlRandomForestJsonError(`Feature ${featureNames[tooMany]} has too many thresholds.`);

  const edgeOffsets = new Uint32Array(featureNames.length + 1);
  thresholds.forEach((own, feature) => {
    edgeOffsets[feature + 1] = edgeOffsets[feature] + own.length;
  });
  const treeOffsets = new Uint32Array(trees.length + 1);
  trees.forEach(({ splits }, tree) => {
    treeOffsets[tree + 1] = treeOffsets[tree] + splits.length;
  });
  const places = thresholds.map((own) => new Map(own.map((threshold, place) => [threshold, place])));
  const nodes = new Uint32Array(2 * treeOffsets[trees.length]);
  trees.forEach(({ splits }, tree) => {
    splits.forEach((split, node) => {
      const at = 2 * (treeOffsets[tree] + node);
      nodes[at] = split === undefined ? node : split.left;
      nodes[at + 1] =
        split === undefined
          ? leafLimit
          : split.feature * 0x20000 + places[split.feature].get(split.threshold)!;
    });
  });
  const values = Float64Array.from(trees.flatMap((tree) => tree.values));
  return {
    featureNames,
    params,
    trainingRows,
    quantum: quantumFor(values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)),
    edges: Float64Array.from(thresholds.flat()),
    edgeOffsets,
    treeOffsets,
    nodes,
    values,
    cover: Float64Array.from(trees.flatMap((tree) => tree.cover)),
    leafQuantiles: undefined,
    metadata: { engine: 'ml-random-forest' },
  };
}

interface FlatSplit {
  readonly feature: number;
  readonly threshold: number;
  readonly left: number;
}

/** One tree as arrays, siblings side by side and children after their parents; leaves have no split. */
function flatten(root: MlNode, columns: readonly number[], features: number) {
  const open: MlNode[] = [root];
  const splits: (FlatSplit | undefined)[] = [];
  for (let node = 0; node < open.length; node++) {
    const { distribution, splitColumn, splitValue, left, right } = open[node];
    if (distribution !== undefined) {
      if (!Number.isFinite(distribution)) throw new MlRandomForestJsonError(`A leaf holds ${distribution}.`);
      splits.push(undefined);
      continue;
    }
    const feature = columns[splitColumn ?? -1];
    if (!(feature < features) || !Number.isFinite(splitValue) || left === undefined || right === undefined) {
      throw new MlRandomForestJsonError('A node is neither a leaf nor a split by one of the features.');
    }
    splits.push({ feature, threshold: nextBelow(splitValue!), left: open.length });
    open.push(left, right);
  }
  const values = new Array<number>(open.length).fill(0);
  const cover = open.map(({ numberSamples }) => numberSamples ?? 1);
  for (let node = open.length - 1; node >= 0; node--) {
    const split = splits[node];
    if (split === undefined) {
      values[node] = open[node].distribution!;
      continue;
    }
    const [a, b] = [split.left, split.left + 1];
    cover[node] = cover[a] + cover[b];
    values[node] = (cover[a] * values[a] + cover[b] * values[b]) / cover[node];
  }
  return { splits, values, cover };
}
