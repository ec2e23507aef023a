import { readFile } from 'node:fs/promises';
import { splitCsvLine } from './csvLine.ts';

/** The rows of a CSV file of few rows, whose cells hold no line ends: the cells by the names in its header. */
export async function readSmallCsv(path: string): Promise<Readonly<Record<string, string>>[]> {
  const [header, ...lines] = (await readFile(path, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
  if (header === undefined) return [];
  const names = splitCsvLine(header);
  return lines.map((line) => {
    const cells = splitCsvLine(line);
    return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']));
  });
}
