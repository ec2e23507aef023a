/** The cells of one row of CSV (RFC 4180), without its line end; quoted cells may hold commas, doubled quotes and line ends. */
export function splitCsvLine(line: string): string[] {
  const cells: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,]*))(,|$)/y;
  for (;;) {
    const match = cell.exec(line);
    if (match === null) return cells;
    cells.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
    if (match[3] === '') return cells;
  }
}
