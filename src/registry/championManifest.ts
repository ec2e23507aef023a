import { stringify } from 'csv-stringify/sync';
import { splitCsvLine } from '../artefacts/files/csvLine.ts';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { counted } from '../domain/words/counted.ts';
import { appendChained, readLedgerText } from './ledgerFile.ts';

/** `champion_manifest.csv` holds a line that is not a row of it. */
export class ManifestDamagedError extends ClvError {}

const COLUMNS = [
  'deployed_at',
  'model_id',
  'gate',
  'cutoff',
  'history_months',
  'pred_months',
  'rmse',
  'r2',
  'forest_sha256',
  'card_sha256',
  'approval_sha256',
  'deployed_by',
  'note',
  'prev_sha256',
] as const;
const HEADER = COLUMNS.join(',');

/** One deployed champion. */
export type ManifestRow = Readonly<Record<(typeof COLUMNS)[number], string>>;

/** A row as it stands in the file, and what it says. */
export interface ManifestEntry {
  readonly line: string;
  readonly row: ManifestRow;
}

/** The path of the manifest: one row for each champion. */
export function manifestPath(home: Home): string {
  return `${home.models}/champion_manifest.csv`;
}

/**
 * Adds a champion to the append-only manifest. The last row is the champion in service, so this one line is the moment
 * at which a champion changes. The caller holds the lock of the registry.
 */
export async function appendToManifest(home: Home, row: Omit<ManifestRow, 'prev_sha256'>): Promise<void> {
  await appendChained(manifestPath(home), HEADER, (prev_sha256) => {
    const whole: ManifestRow = { ...row, prev_sha256 };
    return stringify([COLUMNS.map((column) => whole[column])]).trimEnd();
  });
}

/**
 * All complete rows, that of the champion last, and the last line if it was cut short, else null. Throws
 * ManifestDamagedError.
 */
export async function readManifest(home: Home): Promise<{ entries: ManifestEntry[]; torn: string | null }> {
  const path = manifestPath(home);
  const { lines, torn } = await readLedgerText(path);
  const [header, ...rows] = lines;
  if (header !== undefined && header !== HEADER) {
    throw damaged(`The first line of ${path} is not the header that it should have: ${HEADER}.`);
  }
  return { entries: rows.map((line, i) => ({ line, row: parseRow(line, `${path}, row ${i + 1}`) })), torn };
}

function parseRow(line: string, where: string): ManifestRow {
  const cells = splitCsvLine(line);
  if (cells.length !== COLUMNS.length)
    throw damaged(`${where} has ${counted(cells.length, 'cell')} instead of ${COLUMNS.length}: "${line}".`);
  return Object.fromEntries(COLUMNS.map((column, i) => [column, cells[i]])) as ManifestRow;
}

function damaged(message: string): ManifestDamagedError {
  return new ManifestDamagedError('MANIFEST_DAMAGED', message, {
    remedy: 'Restore the file from a backup; it is only ever appended to.',
  });
}
