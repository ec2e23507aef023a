import { readFile } from 'node:fs/promises';
import { stringify } from 'csv-stringify/sync';
import { appendLine } from '../artefacts/appendLine.ts';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';

/** `champion_manifest.csv` cannot be read as what it should be. */
export class ManifestDamagedError extends ClvError {}

const COLUMNS = [
  'deployed_at',
  'model_id',
  'cutoff',
  'history_months',
  'pred_months',
  'rmse',
  'r2',
  'forest_sha256',
  'deployed_by',
  'note',
] as const;

/** One deployed champion. */
export type ManifestRow = Readonly<Record<(typeof COLUMNS)[number], string>>;

function manifestPath(home: Home): string {
  return `${home.models}/champion_manifest.csv`;
}

/**
 * Adds a champion to the append-only manifest. The last row is the champion in service, so this one line is the moment
 * at which a champion changes.
 */
export async function appendToManifest(home: Home, row: ManifestRow): Promise<void> {
  const line = stringify([COLUMNS.map((column) => row[column])]).trimEnd();
  await appendLine(manifestPath(home), line, COLUMNS.join(','));
}

/** The champion in service, or null before the first. Throws ManifestDamagedError. */
export async function lastManifestRow(home: Home): Promise<ManifestRow | null> {
  const path = manifestPath(home);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const lines = text.split('\n');
  const torn = lines.pop();
  if (torn !== '') {
    throw new ManifestDamagedError('MANIFEST_DAMAGED', `The last line of ${path} is cut short: "${torn}".`, {
      remedy:
        'Take the torn line out; the deployment that it began did not happen. Then train or deploy again.',
    });
  }
  if (lines.length < 2) return null;
  // The note is the only free text and comes last; the cells before it never hold a comma.
  const cells = lines[lines.length - 1].split(',');
  return Object.fromEntries(
    COLUMNS.map((column, i) => [column, i === COLUMNS.length - 1 ? cells.slice(i).join(',') : cells[i]]),
  ) as ManifestRow;
}
