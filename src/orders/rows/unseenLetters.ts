import { sqlText } from '../../tables/sqlWords.ts';

/** Tabs and other blanks, and what nobody sees: marks of byte order where files were joined, spaces without width, zeros. */
const UNSEEN = '[\\s\\x{A0}\\x{FEFF}\\x{200B}\\x{0}]+';
/** A regular expression of DuckDB for such letters around an id, of a customer or of an order. */
export const AROUND = `^${UNSEEN}|${UNSEEN}$`;

/** SQL for the text of `column` without them. */
export function withoutUnseen(column: string): string {
  return `regexp_replace(${column}, ${sqlText(AROUND)}, '', 'g')`;
}
