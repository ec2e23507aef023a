import { median } from '../evaluation/averages.ts';

/** One row of the cluster ranking. */
export interface RankedCluster {
  readonly clusterId: number;
  readonly customers: number;
  readonly medianClv: number;
  /** Median of the cluster over the median of all customers; null where the overall median is zero. */
  readonly clvIndex: number | null;
  /** Competition rank from 1 by descending median CLV. */
  readonly clusterRank: number;
}

/** The clusters in the order of descending median predicted CLV; equal medians share the better rank. */
export function rankClusters(clusterIds: ArrayLike<number>, predictedClv: Float64Array): RankedCluster[] {
  const members = new Map<number, number[]>();
  for (let i = 0; i < predictedClv.length; i++) {
    const group = members.get(clusterIds[i]);
    if (group) group.push(predictedClv[i]);
    else members.set(clusterIds[i], [predictedClv[i]]);
  }
  const overall = median(predictedClv);
  const rows = [...members].map(([clusterId, values]) => ({
    clusterId,
    customers: values.length,
    medianClv: median(Float64Array.from(values)),
  }));
  rows.sort((a, b) => b.medianClv - a.medianClv || a.clusterId - b.clusterId);
  return rows.map((row) => ({
    ...row,
    clvIndex: overall === 0 ? null : row.medianClv / overall,
    clusterRank: 1 + rows.filter((other) => other.medianClv > row.medianClv).length,
  }));
}
