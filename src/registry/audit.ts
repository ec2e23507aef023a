import { readFile } from 'node:fs/promises';
import { namesIn } from '../artefacts/files/namesIn.ts';
import { findGridSearchProposal } from '../artefacts/search/gridSearchProposal.ts';
import { sha256OfFile } from '../artefacts/sidecar.ts';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { findChainBreaks } from '../domain/governance/hashChain.ts';
import { counted } from '../domain/words/counted.ts';
import { baselinePath } from './deployChampion.ts';
import { cardSha256, forestPath, listModels, readCard } from './modelCard.ts';
import { isDeployment, type RegistryState, readRegistry } from './registryState.ts';

/** What one check found. `mind`: nothing is wrong, but somebody should know about it. */
export interface AuditLine {
  readonly what: string;
  readonly state: 'well' | 'mind' | 'wrong';
  readonly says: string;
}

/** Checks ledgers, cards, binaries and baseline against each other. Changes nothing and never throws. */
export async function auditRegistry(home: Home): Promise<AuditLine[]> {
  let state: RegistryState;
  try {
    state = await readRegistry(home);
  } catch (error) {
    return [{ what: 'ledgers', state: 'wrong', says: (error as Error).message }];
  }
  let cards: string[];
  let files: string[];
  try {
    cards = await listModels(home);
    files = await namesIn(home.models);
  } catch (error) {
    return [{ what: 'cards', state: 'wrong', says: (error as Error).message }];
  }
  const models = [...new Set([...cards, ...state.manifest.map(({ row }) => row.model_id)])];
  return [
    chainLine(
      'champion_manifest.csv',
      state.manifest.map(({ line, row }) => ({ line, prevSha256: row.prev_sha256 })),
    ),
    chainLine(
      'approvals.jsonl',
      state.decisions.map(({ line, decision }) => ({ line, prevSha256: decision.prev_sha256 })),
    ),
    ...linksBetween(state),
    ...(await searchLines(home, state, cards)),
    ...tornLines(files, state),
    await baselineLine(home, state),
    ...(await Promise.all(models.sort().map((id) => modelLine(home, id, state)))),
    ...binariesWithoutCard(files, models),
  ];
}

function chainLine(what: string, rows: readonly { line: string; prevSha256: string }[]): AuditLine {
  const breaks = findChainBreaks(rows);
  if (breaks.length === 0)
    return { what, state: 'well', says: `${counted(rows.length, 'row')}, each follows the one before` };
  const places = breaks.map(({ row }) => (row === 1 ? 'row 1' : `row ${row - 1} or ${row}`)).join(', ');
  return { what, state: 'wrong', says: `changed, taken out or put in at ${places}` };
}

/** Checks that every champion was decided on, and that every deployment that was decided is in the manifest. */
function linksBetween({ manifest, decisions }: RegistryState): AuditLine[] {
  const deployments = decisions.filter(isDeployment);
  const lines: AuditLine[] = [];
  for (const { row } of manifest) {
    const decision = deployments.find((it) => it.sha256 === row.approval_sha256)?.decision;
    if (decision?.subject !== row.model_id || decision.approver !== row.deployed_by) {
      lines.push({
        what: row.model_id,
        state: 'wrong',
        says: 'in the manifest without the decision that it names',
      });
    }
  }
  const carriedOut = new Set(manifest.map(({ row }) => row.approval_sha256));
  for (const { sha256, decision } of deployments.filter((it) => !carriedOut.has(it.sha256))) {
    lines.push({
      what: decision.subject,
      state: 'wrong',
      says: `approved by ${decision.approver} at ${decision.at}, but not in the manifest (decision ${sha256.slice(0, 12)})`,
    });
  }
  return lines;
}

/**
 * Checks that the record of each search, if it is there, carries the decision of the ledger, and that the model is there
 * that an approval asked for.
 */
async function searchLines(
  home: Home,
  { decisions }: RegistryState,
  cards: readonly string[],
): Promise<AuditLine[]> {
  const lines: AuditLine[] = [];
  for (const { decision } of decisions.filter((it) => it.decision.gate === 'window')) {
    const { subject, approver, at } = decision;
    const wrong = (says: string) => lines.push({ what: subject, state: 'wrong', says });
    try {
      const proposal = await findGridSearchProposal(home.outputs, subject);
      if (proposal === null) continue;
      const verb = decision.decision === 'approve' ? 'approved' : 'rejected';
      if (proposal.decision === undefined)
        wrong(
          `${verb} by ${approver} at ${at}, but not carried out; the next decision on a search completes it`,
        );
      else if (proposal.status !== verb || proposal.decision.at !== at)
        wrong(`${verb} by ${approver} at ${at}, but its record says otherwise`);
      else if (proposal.decision.model_id !== null && !cards.includes(proposal.decision.model_id))
        lines.push({
          what: subject,
          state: 'mind',
          says: `approved by ${approver} at ${at}, but its model ${proposal.decision.model_id} is not there: the training waits, runs, failed or was lost; the same approval, given again, queues one that was lost`,
        });
    } catch (error) {
      wrong((error as Error).message);
    }
  }
  return lines;
}

/** @param files the names in the folder of models. */
function tornLines(files: readonly string[], { isTorn }: RegistryState): AuditLine[] {
  const aside = files.filter((name) => name.includes('.torn-'));
  return [
    ...(isTorn
      ? [
          {
            what: 'ledgers',
            state: 'wrong' as const,
            says: 'a last line is cut short; the next decision, or the next question for the champion, sets it aside',
          },
        ]
      : []),
    ...aside.map((name) => ({
      what: name,
      state: 'mind' as const,
      says: 'a line that was cut short, set aside',
    })),
  ];
}

async function baselineLine(home: Home, { championId }: RegistryState): Promise<AuditLine> {
  const what = 'baseline';
  const text = await readFile(baselinePath(home), 'utf8').catch(() => null);
  if (championId === null)
    return text === null
      ? { what, state: 'well', says: 'none, as there is no champion' }
      : { what, state: 'wrong', says: 'there is one, but no champion' };
  if (text === null) return { what, state: 'wrong', says: `missing, though ${championId} is in service` };
  try {
    const baseline = JSON.parse(text);
    const card = await readCard(home, championId);
    const isSame =
      baseline.model_id === championId &&
      JSON.stringify(baseline.out_of_time) === JSON.stringify(card.metrics.out_of_time);
    return isSame
      ? { what, state: 'well', says: `that of ${championId}` }
      : { what, state: 'wrong', says: `not that of ${championId} as its card has it` };
  } catch (error) {
    return { what, state: 'wrong', says: (error as Error).message };
  }
}

async function modelLine(home: Home, id: string, state: RegistryState): Promise<AuditLine> {
  const status = state.statusOf(id);
  const wrong = (says: string): AuditLine => ({ what: id, state: 'wrong', says: `${status}; ${says}` });
  try {
    const card = await readCard(home, id);
    const rows = state.manifest.filter(({ row }) => row.model_id === id);
    const sha256 = rows.length === 0 ? null : await cardSha256(home, id);
    if (rows.some(({ row }) => row.card_sha256 !== sha256))
      return wrong('the card was changed after the sign-off');
    if (rows.some(({ row }) => row.forest_sha256 !== card.forest.sha256))
      return wrong('card and manifest name different binaries');
    if (card.status !== status) return wrong(`the card says ${card.status}`);
    const actual = await sha256OfFile(forestPath(home, id));
    if (actual === card.forest.sha256)
      return { what: id, state: 'well', says: `${status}; card and binary match` };
    if (actual !== null) return wrong('the binary is not the one on the card');
    if (status !== 'champion' && card.binary_purged_at !== undefined)
      return {
        what: id,
        state: 'well',
        says: `${status}; binary cleared away by retention at ${card.binary_purged_at} (clv reproduce ${id} makes it again)`,
      };
    return status === 'champion'
      ? wrong('the binary is missing')
      : { what: id, state: 'mind', says: `${status}; no binary (clv reproduce ${id} makes it again)` };
  } catch (error) {
    return wrong(error instanceof ClvError ? error.message : String(error));
  }
}

/** @param files the names in the folder of models. */
function binariesWithoutCard(files: readonly string[], models: readonly string[]): AuditLine[] {
  return files
    .filter((name) => name.endsWith('.forest') && !models.includes(name.slice(0, -'.forest'.length)))
    .map((name) => ({
      what: name,
      state: 'mind',
      says: 'a binary without a card: a training that was cut short',
    }));
}
