import type { ScoreRun } from '../../queues/scoring.ts';
import { namesIn } from '../../src/artefacts/files/namesIn.ts';
import { type RunKey, runFileName, runOfReport } from '../../src/artefacts/names.ts';
import { readMoves, writeMigration } from '../../src/artefacts/run/migrationFile.ts';
import { ArtefactError, readVerifiedSidecar } from '../../src/artefacts/sidecar.ts';
import type { Home } from '../../src/config/home.ts';
import { type MigrationMatrix, migrationMatrix } from '../../src/domain/segments/migration.ts';
import { runFilePath } from './runFiles.ts';

/** What the run report says of customers who changed their segment, or why it says nothing. */
export type MigrationReport =
  | { readonly is_available: false; readonly reason: string }
  | {
      readonly is_available: true;
      readonly file: string;
      readonly previous_cutoff: string;
      readonly tiers: MigrationMatrix;
      readonly clusters: MigrationMatrix;
    };

/** Compares the tiers and clusters of a run with those of the run before it, and writes `migration_<cutoff>.csv`. */
export async function watchMigration(home: Home, run: ScoreRun): Promise<MigrationReport> {
  const previous = await previousRun(home, run);
  if (previous === null)
    return { is_available: false, reason: 'There is no complete run of an earlier cutoff.' };
  const pathOf = (kind: 'ranked_predictions' | 'clusters'): string =>
    `${home.outputs}/${runFileName(kind, previous)}`;
  try {
    const before = await readVerifiedSidecar(pathOf('ranked_predictions'));
    await readVerifiedSidecar(pathOf('clusters'));
    const ranked = runFilePath(home, 'ranked_predictions', run);
    const now = await readVerifiedSidecar(ranked);
    const tiers = migrationMatrix(
      await readMoves(pathOf('ranked_predictions'), ranked, 'clv_segment'),
      labelsOf(before),
      labelsOf(now),
    );
    const moves = await readMoves(pathOf('clusters'), runFilePath(home, 'clusters', run), 'cluster_id');
    const clusters = migrationMatrix(
      moves,
      numbered(moves.map(({ from }) => from)),
      numbered(moves.map(({ to }) => to)),
    );
    const cutoffs = { previousCutoff: previous.cutoff, cutoff: run.cutoff };
    const file = await writeMigration(home.outputs, cutoffs, { tier: tiers, cluster: clusters });
    return { is_available: true, file, previous_cutoff: previous.cutoff, tiers, clusters };
  } catch (error) {
    // Files of an earlier run that were archived or changed since are no reason to fail this one.
    if (!(error instanceof ArtefactError)) throw error;
    return { is_available: false, reason: error.message };
  }
}

/** The complete run of the latest earlier cutoff; where there are several of that cutoff, the one of the same horizon. */
async function previousRun(home: Home, run: ScoreRun): Promise<RunKey | null> {
  const names = await namesIn(home.runReports);
  const earlier = names
    .map(runOfReport)
    .filter((it) => it !== null)
    .filter((it) => it.cutoff < run.cutoff)
    .sort((a, b) => (a.cutoff === b.cutoff ? a.predMonths - b.predMonths : a.cutoff < b.cutoff ? -1 : 1));
  const last = earlier.at(-1);
  if (last === undefined) return null;
  return earlier.find((it) => it.cutoff === last.cutoff && it.predMonths === run.predMonths) ?? last;
}

function labelsOf(ranked: Readonly<Record<string, unknown>>): string[] {
  return (ranked.tiers as { label: string }[]).map(({ label }) => label);
}

/** The different cluster numbers in their order: from the most valuable centre down. */
function numbered(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids)].filter((id) => id !== null).sort((a, b) => Number(a) - Number(b));
}
