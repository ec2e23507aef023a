import { rm, stat } from 'node:fs/promises';
import type { RejectedRow } from '../orders/rows/rejects.ts';
import { type Cell, writeCsvSlices } from './files/csvFile.ts';
import { namesIn } from './files/namesIn.ts';
import { unusedPath } from './files/unusedPath.ts';
import { sha256OfFile } from './sidecar.ts';

const COLUMNS = ['file', 'row', 'reason', 'order_id', 'customer_id', 'order_date', 'revenue', 'detail'];

/**
 * Puts rows that cannot be used away in `rejects_<TS>.csv` in `folder`; gives the path. The same rows are not put away
 * twice: where a file with exactly this content stands there already, its path is given.
 */
export async function writeRejects(
  folder: string,
  rejects: AsyncIterable<readonly RejectedRow[]>,
  nowMs: number,
): Promise<string> {
  const known = (await namesIn(folder)).filter((name) => /^rejects_.*\.csv$/.test(name)).sort();
  const path = await unusedPath(folder, 'rejects', nowMs);
  const written = await writeCsvSlices(path, COLUMNS, cellsOf(rejects));
  for (const name of known) {
    const other = `${folder}/${name}`;
    if ((await stat(other)).size === written.bytes && (await sha256OfFile(other)) === written.sha256) {
      await rm(path);
      return other;
    }
  }
  return path;
}

async function* cellsOf(rejects: AsyncIterable<readonly RejectedRow[]>): AsyncGenerator<Cell[][]> {
  for await (const some of rejects) {
    yield some.map(({ file, row, reason, orderId, customerId, orderDate, revenue, detail }) => {
      return [file, row, reason, orderId, customerId, orderDate, revenue, detail];
    });
  }
}
