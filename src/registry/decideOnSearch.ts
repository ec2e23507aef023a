import type { GridSearchProposal, ProposedCombination } from '../artefacts/search/gridSearchProposal.ts';
import { findGridSearchProposal, writeGridSearchProposal } from '../artefacts/search/gridSearchProposal.ts';
import type { Home } from '../config/home.ts';
import { loadConfig } from '../config/loadConfig.ts';
import type { ModelConfig } from '../config/schema.ts';
import { type ConfigChange, planConfig, setConfigValues } from '../config/updateConfig.ts';
import { freeTimestamp } from '../domain/calendar/freeTimestamp.ts';
import { DecisionRefusedError, demandUndecided } from '../domain/governance/modelStatus.ts';
import { completeSignature, type Signature } from '../domain/governance/signature.ts';
import { chosenCombination } from '../domain/gridsearch/chosenCombination.ts';
import type { HyperParameters } from '../domain/gridsearch/searchSettings.ts';
import { withRegistryLock } from '../locks/homeLocks.ts';
import { appendDecision, type Decision, type RecordedDecision, readDecisions } from './approvalsLedger.ts';
import { carryingOut } from './carryingOut.ts';
import { recoverRegistry } from './deployChampion.ts';
import { findNewerSearch, readProposal } from './gridSearches.ts';
import { findCard } from './modelCard.ts';
import { readRegistry } from './registryState.ts';

/** A pair of windows in the notation of the files, in months. */
type Window = NonNullable<Decision['window']>;

/** What a person decides on a finished search. */
export interface SearchDecision extends Signature {
  readonly searchId: string;
  readonly decision: 'approve' | 'reject';
  /** An evaluated window that is to be used instead of the winner's; null for the winner's. */
  readonly window: Window | null;
}

/** The training that an approval asks for. */
export interface ApprovedTraining {
  readonly modelId: string;
  readonly historyMonths: number;
  readonly predMonths: number;
  readonly hyperParameters: HyperParameters;
  /** A source of orders instead of the configured one; null for the configured one. */
  readonly orders: string | null;
  /** The note with which a person searched although the orders fell short; null where they did not. */
  readonly overrideEligibility: string | null;
  readonly search: { readonly id: string; readonly metrics: ProposedCombination['metrics'] };
}

/** The queue of trainings, as this gate needs it. */
export interface TrainingQueue {
  find(modelId: string): Promise<'absent' | 'failed' | 'pending' | 'completed'>;
  start(training: ApprovedTraining): Promise<unknown>;
}

/** The time of a decision, and the queue that it is carried out on. */
export interface SearchDecisionTerms {
  /** Now, in milliseconds since 1970 UTC. */
  readonly nowMs: number;
  /** Null where there is no queue: a search can then only be rejected. */
  readonly trainings: TrainingQueue | null;
  readonly afterStep?: SearchStepListener;
}

/**
 * How an approval is carried out, in this order; each step is on the disk before the next begins.
 *
 *   decision   one line in approvals.jsonl: from here on the approval will be carried out, whatever happens
 *   config     the window, and the chosen parameters of the forest, in the YAML: all or nothing
 *   status     the proposal carries the decision and the id of the model to be trained
 *   training   the job is in the queue
 *
 * If a process dies in between, repeating the request, or the next decision on any search, does the rest. Every step
 * may be done twice, because the model's id is fixed before its training is queued.
 */
export type SearchDecisionStep = 'decision' | 'config' | 'status' | 'training';

/** Told after each step is done; tests end the process there. */
export type SearchStepListener = (step: SearchDecisionStep) => void;

/** What a decision led to. */
export interface SearchDecisionOutcome {
  readonly decision: Decision;
  readonly proposal: GridSearchProposal;
  /** What an earlier process had left unfinished and was completed first, in sentences. */
  readonly mended: readonly string[];
}

/**
 * Gate 1: records what a named person decides about a search, and carries it out. Of two decisions at the same moment
 * the first counts; one that was interrupted is completed by the same request.
 *
 * @throws GridSearchUnknownError, SignatureMissingError, DecisionRefusedError, WindowNotEvaluatedError,
 *   ConfigInvalidError, RegistryBusyError, FileWriteError, DecisionUnfinishedError, and what the queue throws.
 */
export async function decideOnSearch(
  home: Home,
  request: SearchDecision,
  terms: SearchDecisionTerms,
): Promise<SearchDecisionOutcome> {
  const signature = completeSignature(request);
  return withRegistryLock(home, async () => {
    const { searchId } = request;
    const proposal = await readProposal(home, searchId);
    const mended = await recoverRegistry(home);
    const { decisions } = await readDecisions(home);
    const before = decisions.find((it) => isOnSearch(it) && it.decision.subject === searchId);
    if (before !== undefined) {
      const isWhole = await isCarriedOut(home, before, terms.trainings, true);
      if (!isWhole) await carryOut(home, before, terms);
      // The same request completes a decision that was interrupted; any other is told that the search was decided on.
      if (isWhole || !isSame(before.decision, request, signature, proposal))
        demandUndecided(searchId, [before.decision]);
      mended.push(`The decision of ${before.decision.approver} on ${searchId} had been cut short.`);
      return { decision: before.decision, proposal: await readProposal(home, searchId), mended };
    }
    mended.push(...(await completeLastApproval(home, decisions, terms)));
    await demandNewest(home, proposal);
    const chosen = request.decision === 'approve' ? combinationOf(proposal, request.window) : null;
    if (chosen !== null) await planConfig(home, changesFor(chosen, await loadConfig(home)));
    const recorded = await appendDecision(home, {
      at: new Date(terms.nowMs).toISOString(),
      gate: 'window',
      subject: searchId,
      decision: request.decision,
      ...signature,
      window: chosen === null ? null : windowOf(chosen),
      champion_before: (await readRegistry(home)).championId,
    });
    terms.afterStep?.('decision');
    await carryOut(home, recorded, terms);
    return { decision: recorded.decision, proposal: await readProposal(home, searchId), mended };
  });
}

/** What is left of an approval after each of its steps. */
const LEFT_OF_APPROVAL: Readonly<Record<SearchDecisionStep, string>> = {
  decision: 'The config does not have the window yet, and its training is not queued.',
  config: 'The config has the window, but its training is not queued.',
  status: 'The training is not queued.',
  training: '',
};
const LEFT_OF_REJECTION = { ...LEFT_OF_APPROVAL, decision: 'The record of the search does not say so yet.' };

/** Carries out a decision that is in the ledger, from the first missing step on. Throws DecisionUnfinishedError. */
function carryOut(home: Home, recorded: RecordedDecision, terms: SearchDecisionTerms): Promise<void> {
  const isApproval = recorded.decision.decision === 'approve';
  return carryingOut(recorded, isApproval ? LEFT_OF_APPROVAL : LEFT_OF_REJECTION, (done) =>
    takeSteps(home, recorded, terms.trainings, (step) => {
      done(step);
      terms.afterStep?.(step);
    }),
  );
}

async function takeSteps(
  home: Home,
  recorded: RecordedDecision,
  trainings: TrainingQueue | null,
  afterStep: SearchStepListener,
): Promise<void> {
  const { subject, decision, at, approver, ticket, note, window } = recorded.decision;
  let proposal = await readProposal(home, subject);
  const chosen = window === null ? null : chosenCombination(proposal.combinations, window);
  if (proposal.decision === undefined) {
    if (chosen !== null) {
      await setConfigValues(home, changesFor(chosen, await loadConfig(home)));
      afterStep('config');
    }
    const model_id = chosen === null ? null : await freeModelId(home, Date.parse(at), trainings);
    const status = decision === 'approve' ? 'approved' : 'rejected';
    proposal = {
      ...proposal,
      status,
      decision: { at, decision, approver, ticket, note, window, model_id },
    };
    await writeGridSearchProposal(home.outputs, proposal);
    afterStep('status');
  }
  const modelId = proposal.decision?.model_id ?? null;
  if (chosen === null || modelId === null || trainings === null) return;
  const { trees, max_depth, min_samples_leaf, mtry } = chosen.hyper_parameters;
  await trainings.start({
    modelId,
    historyMonths: chosen.history_months,
    predMonths: chosen.pred_months,
    hyperParameters: { trees, maxDepth: max_depth, minSamplesLeaf: min_samples_leaf, mtry },
    orders: proposal.orders_source ?? null,
    overrideEligibility: proposal.eligibility.override,
    search: { id: subject, metrics: chosen.metrics },
  });
  afterStep('training');
}

/**
 * Whether every step of a decision is done.
 *
 * @param isFailureOpen whether a training that failed for good counts as missing: true if the person asks for it again,
 *   false if it is only looked at before another decision.
 */
async function isCarriedOut(
  home: Home,
  { decision }: RecordedDecision,
  trainings: TrainingQueue | null,
  isFailureOpen: boolean,
): Promise<boolean> {
  const proposal = await findGridSearchProposal(home.outputs, decision.subject);
  if (proposal?.decision === undefined) return false;
  const modelId = proposal.decision.model_id;
  if (modelId === null || trainings === null || (await findCard(home, modelId)) !== null) return true;
  const state = await trainings.find(modelId);
  return state !== 'absent' && !(isFailureOpen && state === 'failed');
}

/** Completes the last approval, if it was interrupted, before anything new is decided. */
async function completeLastApproval(
  home: Home,
  decisions: readonly RecordedDecision[],
  terms: SearchDecisionTerms,
): Promise<string[]> {
  const last = decisions.findLast(isOnSearch);
  if (last === undefined) return [];
  const { subject, approver } = last.decision;
  // The record of the search may have been cleared away, long after the approval was carried out.
  if ((await findGridSearchProposal(home.outputs, subject)) === null) return [];
  if (await isCarriedOut(home, last, terms.trainings, false)) return [];
  await carryOut(home, last, { ...terms, afterStep: () => undefined });
  return [`The decision of ${approver} on ${subject} had been cut short and is carried out now.`];
}

function isOnSearch({ decision }: RecordedDecision): boolean {
  return decision.gate === 'window';
}

/** Throws DecisionRefusedError where a newer search is finished, or the record says that this one is no longer open. */
async function demandNewest(home: Home, { search_id, status }: GridSearchProposal): Promise<void> {
  const newer = await findNewerSearch(home, search_id);
  if (newer === null && status === 'proposed') return;
  throw new DecisionRefusedError(
    'GRID_SEARCH_SUPERSEDED',
    newer === null
      ? `${search_id} is ${status}, so there is nothing to decide.`
      : `${search_id} was superseded by ${newer}, which saw newer orders.`,
    {
      remedy: newer === null ? 'Run a new search: clv grid-search' : `Decide on ${newer}, or search again.`,
      values: { search_id, newer },
    },
  );
}

function combinationOf(proposal: GridSearchProposal, window: Window | null): ProposedCombination {
  return chosenCombination(proposal.combinations, window ?? windowOf(proposal.winner));
}

function windowOf({ history_months, pred_months }: Window): Window {
  return { history_months, pred_months };
}

/** Whether a request asks for exactly what was decided. */
function isSame(
  decided: Decision,
  request: SearchDecision,
  { approver, note, ticket }: Signature,
  proposal: GridSearchProposal,
): boolean {
  if (decided.decision !== request.decision || decided.approver !== approver) return false;
  if (decided.note !== note || decided.ticket !== ticket) return false;
  const window = request.window ?? windowOf(proposal.winner);
  return (
    decided.window === null ||
    (decided.window.history_months === window.history_months &&
      decided.window.pred_months === window.pred_months)
  );
}

/** What an approval changes in the config: the window, and the parameters of the forest that differ from the config. */
function changesFor(chosen: ProposedCombination, { modeling }: ModelConfig): ConfigChange[] {
  const { trees, max_depth, min_samples_leaf, mtry } = chosen.hyper_parameters;
  const wanted: [readonly string[], number | null, number][] = [
    [['history_months'], chosen.history_months, modeling.history_months],
    [['pred_months'], chosen.pred_months, modeling.pred_months],
    [['forest', 'trees'], trees, modeling.forest.trees],
    // The config always limits the depth of the forest, so a search that takes its values from there does so too.
    [['forest', 'max_depth'], max_depth, modeling.forest.max_depth],
    [['forest', 'min_samples_leaf'], min_samples_leaf, modeling.forest.min_samples_leaf],
    [['forest', 'features_per_split'], mtry === 'all' ? 1 : mtry, modeling.forest.features_per_split],
  ];
  return wanted.flatMap(([path, value, now]) =>
    value === null || value === now ? [] : [{ path: ['modeling', ...path], value }],
  );
}

/** The id of a model that no card and no job has yet. */
async function freeModelId(home: Home, nowMs: number, trainings: TrainingQueue | null): Promise<string> {
  const stamp = await freeTimestamp(nowMs, async (it) => {
    const id = `clv_model_${it}`;
    if ((await findCard(home, id)) !== null) return true;
    return trainings !== null && (await trainings.find(id)) !== 'absent';
  });
  return `clv_model_${stamp}`;
}
