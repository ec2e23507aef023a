import { type RankedCluster, rankClusters } from '../../src/domain/segments/clusterRanking.ts';
import type { ClusterInputs, ClusterOptions } from '../../src/domain/segments/clusters.ts';
import { type Ranking, rankByValue, type ValueTier } from '../../src/domain/segments/valueTiers.ts';
import { poolTask } from './taskAnswer.ts';

/** Ranks and tiers of all customers. */
export const rankByValueTask = poolTask(
  (task: { readonly predicted: Float64Array; readonly tiers: readonly ValueTier[] }): Ranking =>
    rankByValue(task.predicted, task.tiers),
);

/** The cluster of every customer. */
export const clusterCustomersTask = poolTask(
  async (task: { readonly inputs: ClusterInputs; readonly options: ClusterOptions }): Promise<Uint8Array> => {
    // Loaded when needed: what k-means brings with it would take the better part of the start of every thread.
    const { clusterCustomers } = await import('../../src/domain/segments/clusters.ts');
    return clusterCustomers(task.inputs, task.options);
  },
);

/** The clusters, ranked. */
export const rankClustersTask = poolTask(
  (task: { readonly clusterIds: Float64Array; readonly predicted: Float64Array }): RankedCluster[] =>
    rankClusters(task.clusterIds, task.predicted),
);
