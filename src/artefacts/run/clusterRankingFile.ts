import type { RankedCluster } from '../../domain/segments/clusterRanking.ts';
import { readSmallCsv } from '../files/smallCsv.ts';
import { ArtefactError } from '../sidecar.ts';

/** The rows of a cluster ranking, in the order of the file. Throws ArtefactError where they cannot be read. */
export async function readClusterRanking(path: string): Promise<RankedCluster[]> {
  try {
    return (await readSmallCsv(path)).map((row) => ({
      clusterId: number(row.cluster_id),
      customers: number(row.n_customers),
      medianClv: number(row.median_clv),
      clvIndex: row.clv_index === '' ? null : number(row.clv_index),
      clusterRank: number(row.cluster_rank),
    }));
  } catch (cause) {
    throw new ArtefactError('ARTEFACT_CHANGED', `${path} is missing, or is not as it was written.`, {
      remedy: 'Score its cutoff again: that writes the same file.',
      cause,
    });
  }
}

function number(text: string | undefined): number {
  const value = Number(text);
  if (!text || !Number.isFinite(value)) throw new Error(`"${text}" is no number`);
  return value;
}
