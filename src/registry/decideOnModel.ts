import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { demandRetired, demandUndecided } from '../domain/governance/modelStatus.ts';
import {
  completeOverride,
  completeSignature,
  demandDistinctApprovers,
  demandMayTrainAndSign,
  type Signature,
} from '../domain/governance/signature.ts';
import { withRegistryLock } from '../locks/homeLocks.ts';
import { appendDecision, type Decision } from './approvalsLedger.ts';
import { carryingOut } from './carryingOut.ts';
import type { RivalComparison } from './contest.ts';
import { alignCards, deployChampion, recoverRegistry, type StepListener } from './deployChampion.ts';
import { demandBinary, ForestFileMismatchError } from './modelBinary.ts';
import { type ModelCard, readCard } from './modelCard.ts';
import { type RegistryState, readRegistry } from './registryState.ts';

/** The binary of a former champion was cleared away, so the model cannot be put back into service as it is. */
export class BinaryPurgedError extends ClvError {}

/** What a person decides on a model. */
export interface ModelRequest extends Signature {
  readonly gate: 'sign-off' | 'train-and-sign' | 'rollback';
  readonly modelId: string;
  readonly decision: 'approve' | 'reject';
  /**
   * Why the model goes into service although it lost to a benchmark beyond chance; null where no such reason is given.
   */
  readonly override?: string | null;
  /** The champion that the person knew, null for none; absent where it does not matter which one it is. */
  readonly champion?: string | null;
}

/** Another champion went into service since the person decided. */
export class ChampionChangedError extends ClvError {}

/** A sign-off of a model that lost to a benchmark gave no reason for overriding that. */
export class ContestLostError extends ClvError {}

/** The rules that a decision is subject to, and its time. */
export interface DecisionTerms {
  /** `governance.distinct_approvers` of the config. */
  readonly distinctApprovers: boolean;
  /** Now, in milliseconds since 1970 UTC. */
  readonly nowMs: number;
  readonly afterStep?: StepListener;
}

/** What a decision led to. */
export interface DecisionOutcome {
  readonly decision: Decision;
  readonly championId: string | null;
  /** What an earlier process had left unfinished and was completed first, in sentences. */
  readonly mended: readonly string[];
}

/**
 * Gate 2 and rollback: records what a named person decides about a model, and carries it out. Of two decisions at the
 * same moment the first counts; one that was interrupted is completed by the same request.
 *
 * @throws SignatureMissingError, DutiesNotSeparateError, DecisionRefusedError, ChampionChangedError, ModelUnknownError,
 *   ContestLostError, ForestFileMismatchError, BinaryPurgedError, RegistryBusyError, FileWriteError,
 *   DecisionUnfinishedError.
 */
export async function decideOnModel(
  home: Home,
  request: ModelRequest,
  { distinctApprovers, nowMs, afterStep = () => undefined }: DecisionTerms,
): Promise<DecisionOutcome> {
  const signature = completeSignature(request);
  const override = request.override ? completeOverride(request.override) : null;
  if (request.gate === 'train-and-sign') demandMayTrainAndSign(distinctApprovers);
  return withRegistryLock(home, async () => {
    const card = await readCard(home, request.modelId);
    const cutShort = unfinishedOn(card, await readRegistry(home));
    const mended = await recoverRegistry(home);
    const state = await readRegistry(home);
    if (cutShort !== null && isSame(cutShort, request, signature))
      return { decision: cutShort, championId: state.championId, mended };
    if (request.gate === 'rollback') demandRetired(card.model_id, state.statusOf(card.model_id));
    else demandUndecided(card.model_id, decisionsOf(state));
    demandKnownChampion(request, state.championId);
    if (request.decision === 'approve') {
      demandDistinctApprovers(distinctApprovers, signature.approver, windowApprover(card, state));
      if (override === null && standsInTheWay(request, card)) throw contestLost(card);
      await demandBinaryOf(home, card, request.gate);
    }
    const recorded = await appendDecision(home, {
      at: new Date(nowMs).toISOString(),
      gate: request.gate,
      subject: card.model_id,
      decision: request.decision,
      ...signature,
      // If the model did not lose, nothing is overridden, whatever the request says.
      ...(override !== null && standsInTheWay(request, card) ? { override } : {}),
      window: null,
      champion_before: state.championId,
    });
    afterStep('decision');
    if (request.decision === 'approve') await deployChampion(home, recorded, afterStep);
    else {
      await carryingOut(recorded, { decision: 'The card does not say so yet.' }, async () =>
        alignCards(home, await readRegistry(home)),
      );
    }
    return {
      decision: recorded.decision,
      championId: (await readRegistry(home)).championId,
      mended,
    };
  });
}

/** The last decision on a model, if not all that follows from it is done; else null. */
function unfinishedOn({ model_id, status }: ModelCard, state: RegistryState): Decision | null {
  const last = decisionsOf(state).findLast(({ subject }) => subject === model_id);
  const isDone = state.pending?.decision !== last && status === state.statusOf(model_id);
  return isDone ? null : (last ?? null);
}

/** Whether a request asks for exactly what was decided. */
function isSame(decided: Decision, request: ModelRequest, { approver, note, ticket }: Signature): boolean {
  return (
    decided.gate === request.gate &&
    decided.decision === request.decision &&
    decided.approver === approver &&
    decided.note === note &&
    decided.ticket === ticket
  );
}

function demandKnownChampion({ modelId, champion }: ModelRequest, serving: string | null): void {
  if (champion === undefined || champion === serving) return;
  throw new ChampionChangedError(
    'CHAMPION_CHANGED',
    `${modelId} was signed off ${champion === null ? 'as the first champion' : `in place of ${champion}`}, but ${serving ?? 'no model'} serves by now.`,
    {
      remedy: `It stays a candidate: ${serving === null ? 'decide on it' : `compare it (clv compare ${modelId} ${serving}), then decide`} with clv approve.`,
      values: { modelId, champion, serving },
    },
  );
}

function decisionsOf(state: RegistryState): Decision[] {
  return state.decisions.map(({ decision }) => decision);
}

/** Who approved, at gate 1, the search that a model came from. */
function windowApprover(card: ModelCard, state: RegistryState): string | null {
  const searchId = card.search?.id;
  const approval = decisionsOf(state).find(
    (it) => it.gate === 'window' && it.subject === searchId && it.decision === 'approve',
  );
  return approval?.approver ?? null;
}

/** Whether a sign-off needs a reason of its own: the model lost to a benchmark beyond chance. */
function standsInTheWay({ gate, decision }: ModelRequest, card: ModelCard): boolean {
  return decision === 'approve' && gate !== 'rollback' && lossesOf(card).length > 0;
}

function lossesOf({ contest }: ModelCard): readonly RivalComparison[] {
  return contest?.loses_to ?? [];
}

function contestLost(card: ModelCard): ContestLostError {
  const losses = lossesOf(card);
  return new ContestLostError(
    'CONTEST_LOST',
    `${card.model_id} lost out of time to what it has to beat. ${losses.map(({ says }) => says).join(' ')}`,
    {
      remedy:
        'Reject it, or say why it is to serve all the same: clv approve MODEL --by NAME --note TEXT --override REASON (override in the REST body).',
      values: { modelId: card.model_id, loses_to: losses.map(({ name }) => name) },
    },
  );
}

async function demandBinaryOf(home: Home, card: ModelCard, gate: ModelRequest['gate']): Promise<void> {
  try {
    await demandBinary(home, card);
  } catch (error) {
    if (gate !== 'rollback' || !(error instanceof ForestFileMismatchError)) throw error;
    if (error.values.actual !== null) throw error;
    throw new BinaryPurgedError(
      'BINARY_PURGED',
      `The binary of ${card.model_id} is not there any more, so it cannot be put back as it is.`,
      {
        remedy: `Make it again, byte for byte: clv reproduce ${card.model_id}; then roll back.`,
        cause: error,
      },
    );
  }
}
