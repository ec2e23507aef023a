import { filesBelow } from '../artefacts/files/namesIn.ts';
import { findGridSearchProposal } from '../artefacts/search/gridSearchProposal.ts';
import { readVerifiedSidecar } from '../artefacts/sidecar.ts';
import type { Home } from '../config/home.ts';
import { dateInZone, type IsoDate } from '../domain/calendar/dates.ts';
import { recogniseFile } from '../domain/retention/knownFile.ts';
import { isPast, type RetentionFacts, type RetentionRules } from '../domain/retention/policy.ts';
import { listModels, type ModelCard, readCard } from '../registry/modelCard.ts';
import { type RegistryState, readRegistry } from '../registry/registryState.ts';
import { readArchiveList } from './archiveRun.ts';

/** The files of a home that retention looks at, relative to it, in order; the archive is left out. Throws FolderUnreadableError. */
export async function listFiles(home: Home): Promise<string[]> {
  const folders = await Promise.all([home.models, home.outputs].map(filesBelow));
  return folders
    .flat()
    .map((path) => path.slice(home.root.length + 1))
    .filter((path) => !path.startsWith('outputs/archive/'))
    .sort();
}

/** Reads what the policy has to know. Throws the errors of damaged ledgers: without them nothing may go. */
export async function gatherFacts(
  home: Home,
  files: readonly string[],
  rules: RetentionRules,
  when: { readonly nowMs: number; readonly timezone: string },
): Promise<RetentionFacts> {
  const today = dateInZone(when.nowMs, when.timezone);
  const state = await readRegistry(home);
  const championId = championOf(state);
  const cards = new Map<string, ModelCard>();
  for (const id of await listModels(home)) {
    const card = await readCard(home, id).catch(() => null);
    if (card !== null) cards.set(id, card);
  }
  return {
    today,
    championId,
    lastNeeded: new Map(
      [...cards].map(([id, card]) => [
        id,
        dateInZone(Math.max(Date.parse(card.created_at), leftServiceAt(id, state)), when.timezone),
      ]),
    ),
    labelledRuns: await labelledRuns(home, files, rules, today),
    approvedSearchId: approvedSearch(state),
    neededSearchIds: await neededSearches(
      home,
      files,
      championId === null ? undefined : cards.get(championId),
    ),
  };
}

/** The model in service; one that was decided on and is not in the manifest yet counts already. */
export function championOf({ pending, championId }: RegistryState): string | null {
  return pending?.decision.subject ?? championId;
}

/** When the successor of a model came into service, in milliseconds since 1970 UTC; 0 where it has none. */
function leftServiceAt(modelId: string, { manifest }: RegistryState): number {
  const last = manifest.findLastIndex(({ row }) => row.model_id === modelId);
  const successor = last < 0 ? undefined : manifest[last + 1];
  return successor === undefined ? 0 : Date.parse(successor.row.deployed_at);
}

function approvedSearch({ decisions }: RegistryState): string | null {
  const approved = decisions
    .map(({ decision }) => decision)
    .filter(({ gate, decision }) => gate === 'window' && decision === 'approve')
    .map(({ subject }) => subject);
  return approved.sort().at(-1) ?? null;
}

async function neededSearches(
  home: Home,
  files: readonly string[],
  champion: ModelCard | undefined,
): Promise<Set<string>> {
  const needed = new Set<string>();
  const source = champion?.search?.id;
  if (source !== undefined) needed.add(source);
  const ids = new Set(
    files.map(recogniseFile).map((file) => (file?.kind === 'search' ? file.searchId : null)),
  );
  for (const id of ids) {
    if (id === null) continue;
    const isOpen = await findGridSearchProposal(home.outputs, id).then(
      (proposal) => proposal?.status === 'proposed',
      // A damaged record may be one of a search that waits.
      () => true,
    );
    if (isOpen) needed.add(id);
  }
  return needed;
}

/**
 * The runs past their time whose actual revenue was merged into the very predictions that stand there, in a file with the
 * right checksum; or was archived with them: half an archived run must not pass for one without labels.
 */
async function labelledRuns(
  home: Home,
  files: readonly string[],
  rules: RetentionRules,
  today: IsoDate,
): Promise<Set<string>> {
  const labelled = new Set<string>();
  const runs = new Map<string, IsoDate>();
  for (const file of files.map(recogniseFile)) if (file?.kind === 'run') runs.set(file.run, file.windowEnd);
  for (const [run, windowEnd] of runs) {
    if (!isPast(windowEnd, rules.predictions, today)) continue;
    const actual = `clv_predictions_actual_${run}.csv`;
    const predictions = await readVerifiedSidecar(`${home.outputs}/clv_predictions_${run}.csv`).catch(
      () => null,
    );
    const isMerged = await readVerifiedSidecar(`${home.outputs}/${actual}`).then(
      (sidecar) => sidecar.made_from_sha256 === predictions?.sha256,
      () => false,
    );
    if (isMerged || (await readArchiveList(home, run)).has(actual)) labelled.add(run);
  }
  return labelled;
}
