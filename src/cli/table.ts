/** A table for a terminal: columns are as wide as they must be. @param left the columns that begin at the left edge. */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  left: readonly number[],
): string {
  const widths = header.map((title, i) =>
    Math.max(...[title, ...rows.map((row) => row[i])].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (left.includes(i) ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
      .join('  ')
      .trimEnd();
  return [header, widths.map((width) => '─'.repeat(width)), ...rows].map(line).join('\n');
}
