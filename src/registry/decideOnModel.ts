import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { demandRetired, demandUndecided } from '../domain/governance/modelStatus.ts';
import {
  completeSignature,
  demandDistinctApprovers,
  demandMayTrainAndSign,
  type Signature,
} from '../domain/governance/signature.ts';
import { appendDecision, type Decision } from './approvalsLedger.ts';
import { alignCards, deployChampion, recoverRegistry, type StepListener } from './deployChampion.ts';
import { demandBinary, ForestFileMismatchError } from './modelBinary.ts';
import { type ModelCard, readCard } from './modelCard.ts';
import { withRegistryLock } from './registryLock.ts';
import { type RegistryState, readRegistry } from './registryState.ts';

/** The binary of a former champion was cleared away, so it cannot be put back as it is. */
export class BinaryPurgedError extends ClvError {}

/** What a person decides on a model. */
export interface ModelRequest extends Signature {
  readonly gate: 'sign-off' | 'train-and-sign' | 'rollback';
  readonly modelId: string;
  readonly decision: 'approve' | 'reject';
}

/** Under which rules, and when. */
export interface DecisionTerms {
  /** `governance.distinct_approvers` of the config. */
  readonly distinctApprovers: boolean;
  /** Now, in milliseconds since 1970 UTC. */
  readonly nowMs: number;
  readonly afterStep?: StepListener;
}

/** What came of it. */
export interface DecisionOutcome {
  readonly decision: Decision;
  readonly championId: string | null;
  /** What an earlier process had left half-done and is mended now, in sentences. */
  readonly mended: readonly string[];
}

/**
 * Gate 2 and the way back: records what a named person decides on a model and carries it out. Of two decisions at one
 * moment the first counts.
 *
 * @throws SignatureMissingError, DutiesNotSeparateError, DecisionRefusedError, ModelUnknownError,
 *   ForestFileMismatchError, BinaryPurgedError, RegistryBusyError, FileWriteError.
 */
export async function decideOnModel(
  home: Home,
  request: ModelRequest,
  { distinctApprovers, nowMs, afterStep = () => undefined }: DecisionTerms,
): Promise<DecisionOutcome> {
  const signature = completeSignature(request);
  if (request.gate === 'train-and-sign') demandMayTrainAndSign(distinctApprovers);
  return withRegistryLock(home, async () => {
    const card = await readCard(home, request.modelId);
    const mended = await recoverRegistry(home);
    const state = await readRegistry(home);
    if (request.gate === 'rollback') demandRetired(card.model_id, state.statusOf(card.model_id));
    else demandUndecided(card.model_id, decisionsOf(state));
    if (request.decision === 'approve') {
      demandDistinctApprovers(distinctApprovers, signature.approver, windowApprover(card, state));
      await demandBinaryOf(home, card, request.gate);
    }
    const recorded = await appendDecision(home, {
      at: new Date(nowMs).toISOString(),
      gate: request.gate,
      subject: card.model_id,
      decision: request.decision,
      ...signature,
      window: null,
      champion_before: state.championId,
    });
    afterStep('decision');
    if (request.decision === 'approve') await deployChampion(home, recorded, afterStep);
    else await alignCards(home, await readRegistry(home));
    return {
      decision: recorded.decision,
      championId: (await readRegistry(home)).championId,
      mended,
    };
  });
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
