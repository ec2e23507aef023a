import { open, readFile } from 'node:fs/promises';
import { appendLine } from '../artefacts/files/appendLine.ts';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import { GENESIS_SHA256, rowSha256 } from '../domain/governance/hashChain.ts';

/**
 * The complete lines of an append-only file, and in `torn` what follows the last line end: a write that was cut short.
 */
export interface LedgerText {
  readonly lines: readonly string[];
  readonly torn: string | null;
}

const LINE_END = 10;

/** Reads a ledger; one that does not exist is empty. */
export async function readLedgerText(path: string): Promise<LedgerText> {
  const text = (await readIfThere(path))?.toString('utf8') ?? '';
  const lines = text.split('\n');
  const rest = lines.pop() as string;
  return { lines, torn: rest === '' ? null : rest };
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Appends a row that carries the SHA-256 of the row before; returns the SHA-256 of the new row. The caller holds the
 * lock of the registry and has set a torn line aside. Throws FileWriteError.
 *
 * @param header the first line of the file, which is not a row; null for none.
 */
export async function appendChained(
  path: string,
  header: string | null,
  lineOf: (prevSha256: string) => string,
): Promise<string> {
  const { lines } = await readLedgerText(path);
  const last = lines.slice(header === null ? 0 : 1).at(-1);
  const line = lineOf(last === undefined ? GENESIS_SHA256 : rowSha256(last));
  await appendLine(path, line, header ?? undefined);
  return rowSha256(line);
}

/**
 * Moves a last line that was cut short into a file beside the ledger, named after the ledger with `.torn-` and the
 * beginning of the fragment's SHA-256 appended. Returns that name, or null where nothing is torn. The fragment is on
 * the disk before it is removed from the ledger.
 */
export async function setAsideTornLine(path: string): Promise<string | null> {
  const bytes = await readIfThere(path);
  if (bytes === null) return null;
  const end = bytes.lastIndexOf(LINE_END) + 1;
  if (end === bytes.length) return null;
  const fragment = bytes.subarray(end);
  const aside = `${path}.torn-${rowSha256(fragment.toString('latin1')).slice(0, 12)}`;
  await replaceFile(aside, fragment);
  const file = await open(path, 'r+');
  try {
    await file.truncate(end);
    await file.sync();
  } finally {
    await file.close();
  }
  return aside;
}
