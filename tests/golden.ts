import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/**
 * Real orders and independently computed values stand in a folder beside the project; they are not part of it.
 * `CLV_SHARED` names another place. Tests that need them are skipped, visibly, where they are absent.
 */
const SHARED = process.env.CLV_SHARED ?? fileURLToPath(new URL('../../shared', import.meta.url));

export const hasGolden = existsSync(`${SHARED}/golden`) && existsSync(`${SHARED}/data`);

export function sharedFile(path: string): string {
  return `${SHARED}/${path}`;
}

/** The rows of a CSV file without quoted cells, as objects of text. */
export function readTable(path: string): Record<string, string>[] {
  const bytes = readFileSync(sharedFile(path));
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i], cell])));
}
