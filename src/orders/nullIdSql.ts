import { sqlText } from '../tables/sqlWords.ts';

/**
 * Which of the words for no id an id is, from 0; NULL where it is none of them. Lengths are compared first, because hardly
 * any id is as short; and there is no IN, which DuckDB turns into a join.
 */
export function nullIdSql(id: string, nullIds: readonly string[]): string {
  if (nullIds.length === 0) return 'NULL::UTINYINT';
  const longest = Math.max(...nullIds.map((word) => Buffer.byteLength(word)));
  const words = nullIds.map((word, i) => `WHEN ${id} = ${sqlText(word)} THEN ${i}::UTINYINT`);
  return `CASE WHEN strlen(${id}) <= ${longest} THEN CASE ${words.join(' ')} END END`;
}
