import { rm, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeCsv } from '../artefacts/files/csvFile.ts';
import { unusedPath } from '../artefacts/files/unusedPath.ts';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { recogniseFile } from '../domain/retention/knownFile.ts';
import { judgeFile, type RetentionRules } from '../domain/retention/policy.ts';
import { withRegistryLock } from '../locks/homeLocks.ts';
import { forestPath, readCard, setBinaryPurged } from '../registry/modelCard.ts';
import { readRegistry } from '../registry/registryState.ts';
import { archiveRun } from './archiveRun.ts';
import { championOf, gatherFacts, listFiles } from './gatherFacts.ts';

/** One file that goes, or that would have to go and stays. */
export interface RetentionRow {
  /** Relative to the home. */
  readonly path: string;
  readonly action: 'delete' | 'archive' | 'refuse';
  readonly why: string;
  readonly bytes: number;
  /** `planned` in a dry run, and in the report of a run that was killed. */
  readonly outcome: 'planned' | 'done' | 'kept';
  /** SHA-256 of an archived file's content, hexadecimal. */
  readonly sha256: string | null;
}

/** What retention did, or would do. */
export interface RetentionResult {
  readonly rows: readonly RetentionRow[];
  /** Path of the report; null for a dry run, and where there was nothing to tell. */
  readonly report: string | null;
}

/** By which rules files are cleared away, and whether they are at all. */
export interface RetentionOptions {
  readonly rules: RetentionRules;
  readonly timezone: string;
  /** Now, in milliseconds since 1970 UTC. */
  readonly nowMs: number;
  /** Changes nothing, and writes no report. */
  readonly isDryRun: boolean;
  /** Told after each file that went; tests end the process there. */
  readonly afterFile?: () => void;
}

/**
 * Clears away, or archives, the files of a home whose time has passed, and writes
 * `outputs/retention/retention_<TS>.csv`. The report is written before anything goes, and again at the end with what
 * came of it, so that nothing ever goes unreported. Killed anywhere and run again, it does the rest.
 * Throws the errors of damaged ledgers, RegistryBusyError, FileWriteError.
 */
export async function applyRetention(home: Home, options: RetentionOptions): Promise<RetentionResult> {
  const rows = await planRetention(home, options);
  if (options.isDryRun || rows.length === 0) return { rows, report: null };
  const report = await unusedPath(`${home.outputs}/retention`, 'retention', options.nowMs);
  await writeReport(report, rows);
  const done: RetentionRow[] = [];
  for (const group of groupsOf(rows)) done.push(...(await carryOut(home, group, options)));
  done.sort((a, b) => (a.path < b.path ? -1 : 1));
  await writeReport(report, done);
  return { rows: done, report };
}

async function planRetention(
  home: Home,
  { rules, nowMs, timezone }: RetentionOptions,
): Promise<RetentionRow[]> {
  const files = await listFiles(home);
  const facts = await gatherFacts(home, files, rules, { nowMs, timezone });
  const rows: RetentionRow[] = [];
  for (const path of files) {
    const { action, why } = judgeFile(path, facts, rules);
    if (action === 'keep') continue;
    const { size: bytes } = await stat(`${home.root}/${path}`);
    rows.push({ path, action, why, bytes, outcome: action === 'refuse' ? 'kept' : 'planned', sha256: null });
  }
  return rows;
}

/** Files that go together: those of one run; every other file alone. */
function groupsOf(rows: readonly RetentionRow[]): RetentionRow[][] {
  const groups = new Map<string, RetentionRow[]>();
  for (const row of rows) {
    const key = row.action === 'archive' ? runOf(row) : row.path;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()];
}

function runOf({ path }: RetentionRow): string {
  const file = recogniseFile(path);
  return file?.kind === 'run' ? file.run : path;
}

async function carryOut(
  home: Home,
  group: readonly RetentionRow[],
  { nowMs, afterFile = () => undefined }: RetentionOptions,
): Promise<RetentionRow[]> {
  const [first] = group;
  if (first.action === 'refuse') return [...group];
  const pathOf = ({ path }: RetentionRow): string => `${home.root}/${path}`;
  if (first.action === 'archive') {
    try {
      const sums = await archiveRun(home, runOf(first), group.map(pathOf), afterFile);
      return group.map((row) => ({ ...row, outcome: 'done', sha256: sums.get(pathOf(row)) ?? null }));
    } catch (error) {
      // One run that cannot be archived must not keep the others from it.
      if (!(error instanceof ClvError)) throw error;
      return group.map((row) => ({ ...row, action: 'refuse', outcome: 'kept', why: error.message }));
    }
  }
  const file = recogniseFile(first.path);
  if (file?.kind === 'binary') {
    const isPurged = await purgeBinary(home, file.modelId, nowMs, afterFile);
    return isPurged
      ? [{ ...first, outcome: 'done' }]
      : [{ ...first, action: 'refuse', outcome: 'kept', why: 'it came into service meanwhile' }];
  }
  await rm(pathOf(first), { force: true });
  // The folder of a search's cells goes with the last of them.
  if (file?.kind === 'search') await rmdir(dirname(pathOf(first))).catch(() => undefined);
  afterFile();
  return [{ ...first, outcome: 'done' }];
}

/**
 * Notes on the card that the binary goes, then deletes it: a card never promises a binary that is not there. Under the
 * lock of the registry, since a rollback may have put the model into service meanwhile; gives whether it went.
 */
async function purgeBinary(
  home: Home,
  modelId: string,
  nowMs: number,
  afterStep: () => void,
): Promise<boolean> {
  return withRegistryLock(home, async () => {
    if (championOf(await readRegistry(home)) === modelId) return false;
    const { binary_purged_at } = await readCard(home, modelId);
    if (binary_purged_at === undefined) await setBinaryPurged(home, modelId, new Date(nowMs).toISOString());
    afterStep();
    await rm(forestPath(home, modelId), { force: true });
    afterStep();
    return true;
  });
}

async function writeReport(path: string, rows: readonly RetentionRow[]): Promise<void> {
  await writeCsv(path, ['path', 'action', 'outcome', 'why', 'bytes', 'sha256'], rows.length, (i) => {
    const { path: file, action, outcome, why, bytes, sha256 } = rows[i];
    return [file, action, outcome, why, bytes, sha256];
  });
}
