/**
 * How many customers went from one segment to another. `from` is null for new customers, `to` for those who are gone.
 */
export interface Move {
  readonly from: string | null;
  readonly to: string | null;
  readonly customers: number;
}

/** Customers by segment in the previous run (rows) and in this one (columns). */
export interface MigrationMatrix {
  /** The segments of the previous run, then {@link NEW} for customers who were not in it. */
  readonly from: readonly string[];
  /** The segments of this run, then {@link GONE} for customers who are not in it. */
  readonly to: readonly string[];
  /** One row for each of `from`, one number for each of `to`. */
  readonly customers: readonly (readonly number[])[];
}

/** The row of customers who were not in the previous run. */
export const NEW = '(new)';
/** The column of customers who are not in this run. */
export const GONE = '(gone)';

/** The moves as a matrix with a cell for every pair of segments, also for those that nobody moved between. */
export function migrationMatrix(
  moves: readonly Move[],
  from: readonly string[],
  to: readonly string[],
): MigrationMatrix {
  const cell = (row: string | null, column: string | null): number =>
    moves.reduce((sum, move) => sum + (move.from === row && move.to === column ? move.customers : 0), 0);
  return {
    from: [...from, NEW],
    to: [...to, GONE],
    customers: [...from, null].map((row) => [...to, null].map((column) => cell(row, column))),
  };
}
