/** `text` as an SQL string literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The path of one file as an SQL string literal for DuckDB's readers, which take every path for a pattern. */
export function sqlPath(path: string): string {
  return sqlText(asPattern(path));
}

/** The pattern that fits `path` alone: a name like `orders[1].csv` would else fit `orders1.csv`. */
export function asPattern(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

/** `name` as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
