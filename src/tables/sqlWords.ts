/** `text` as an SQL string literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The path of one file as an SQL string literal for DuckDB's readers, which treat every path as a pattern. */
export function sqlPath(path: string): string {
  return sqlText(asPattern(path));
}

/** The pattern that matches `path` alone: as it stands, a name like `orders[1].csv` would match `orders1.csv`. */
export function asPattern(path: string): string {
  return path.replace(/[*?[]/g, '[$&]');
}

/** `name` as an SQL identifier. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
