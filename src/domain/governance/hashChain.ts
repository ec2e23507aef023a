import { createHash } from 'node:crypto';

/** What the first row of a ledger carries instead of the SHA-256 of a row before it. */
export const GENESIS_SHA256 = '0'.repeat(64);

/** SHA-256 of a ledger's row as it stands in the file, without its line end; hexadecimal. */
export function rowSha256(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

/** A row of a ledger: its text, and the SHA-256 of the row before that it carries. */
export interface ChainedRow {
  readonly line: string;
  readonly prevSha256: string;
}

/** A row that does not fit the one before it: that one, or the order of the rows, was changed. */
export interface ChainBreak {
  /** Counted from 1. */
  readonly row: number;
  readonly expected: string;
  readonly found: string;
}

/** Every place at which the chain is broken; none if all rows are as they were written. */
export function findChainBreaks(rows: readonly ChainedRow[]): ChainBreak[] {
  const breaks: ChainBreak[] = [];
  let expected = GENESIS_SHA256;
  rows.forEach(({ line, prevSha256 }, index) => {
    if (prevSha256 !== expected) breaks.push({ row: index + 1, expected, found: prevSha256 });
    expected = rowSha256(line);
  });
  return breaks;
}
