import { sqlText } from '../../tables/sqlWords.ts';

/**
 * The SQL for the index, from 0, of an id among the words for a missing id; NULL where it is none of them. Lengths are
 * compared first, because hardly any id is as short as these words. IN is avoided, because DuckDB turns it into a join.
 */
export function nullIdSql(id: string, nullIds: readonly string[]): string {
  if (nullIds.length === 0) return 'NULL::UTINYINT';
  const longest = Math.max(...nullIds.map((word) => Buffer.byteLength(word)));
  const words = nullIds.map((word, i) => `WHEN ${id} = ${sqlText(word)} THEN ${i}::UTINYINT`);
  return `CASE WHEN strlen(${id}) <= ${longest} THEN CASE ${words.join(' ')} END END`;
}
