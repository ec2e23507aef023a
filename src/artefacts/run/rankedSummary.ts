import { stat } from 'node:fs/promises';
import { Duck } from '../../tables/duck.ts';
import { csvTableSql } from '../files/csvFile.ts';
import { RankedFileUnreadableError } from './rankedCustomer.ts';

/** A value tier in the figures of a ranked file. */
export interface TierTotal {
  readonly label: string;
  readonly customers: number;
  /** Sum of the predictions, in currency. */
  readonly predicted: number;
}

/** One of the customers of whom most is expected. */
export interface BestCustomer {
  readonly id: string;
  readonly tier: string;
  /** In currency. */
  readonly predicted: number;
  /** Probability of being active, and the day of the next order; null where the file does not say. */
  readonly pAlive: number | null;
  readonly nextOrder: string | null;
}

/** What a ranked file says of the customers together. */
export interface RankedSummary {
  readonly tiers: readonly TierTotal[];
  /** Best first. */
  readonly best: readonly BestCustomer[];
}

/** What a run report says of a file. */
export interface ReportedFile {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

const BEST = 10;

/**
 * Sums a ranked file up, on a thread of DuckDB. Its size is held against the report; to compute the checksum would take
 * longer than the sums. Throws RankedFileUnreadableError.
 */
export async function summariseRanked(outputs: string, reported: ReportedFile): Promise<RankedSummary> {
  const path = `${outputs}/${reported.file}`;
  try {
    const { size } = await stat(path);
    if (size !== reported.bytes) throw new Error(`${size} bytes, not ${reported.bytes} as its report says`);
    return await summarise(path);
  } catch (cause) {
    throw new RankedFileUnreadableError(
      'RANKED_FILE_UNREADABLE',
      `${reported.file} is missing from outputs, or is not as it was written.`,
      {
        remedy: 'Score its cutoff again: that writes the same file.',
        values: { file: reported.file },
        cause,
      },
    );
  }
}

async function summarise(path: string): Promise<RankedSummary> {
  // One thread: sums in one order, so that the same file gives the same figures.
  using duck = await Duck.open({ threads: 1 });
  const columns = (
    await duck.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${csvTableSql(path)}`)
  ).map(({ column_name }) => column_name);
  const optional = (name: string): string => (columns.includes(name) ? name : `NULL AS ${name}`);
  await duck.run(
    `CREATE TABLE ranked AS SELECT customer_id, clv_segment, CAST(predicted_clv AS DOUBLE) AS predicted,
       ${optional('p_alive')}, ${optional('next_order_date')} FROM ${csvTableSql(path)}`,
  );
  const tiers = await duck.rows<{ label: string; customers: bigint; predicted: number }>(
    'SELECT clv_segment AS label, count(*) AS customers, sum(predicted) AS predicted FROM ranked GROUP BY ALL',
  );
  const best = await duck.rows<{
    id: string;
    tier: string;
    predicted: number;
    p_alive: string | null;
    next_order_date: string | null;
  }>(
    `SELECT customer_id AS id, clv_segment AS tier, predicted, p_alive, next_order_date FROM ranked
     ORDER BY predicted DESC, customer_id LIMIT ${BEST}`,
  );
  return {
    tiers: tiers.map(({ label, customers, predicted }) => ({
      label,
      customers: Number(customers),
      predicted,
    })),
    best: best.map(({ id, tier, predicted, p_alive, next_order_date }) => ({
      id,
      tier,
      predicted,
      pAlive: p_alive === null ? null : Number(p_alive),
      nextOrder: next_order_date,
    })),
  };
}
