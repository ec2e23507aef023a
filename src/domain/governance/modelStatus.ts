import { ClvError } from '../errors.ts';

/** The status of a model. Only the ledgers decide it; the card shows a copy. */
export type ModelStatus = 'candidate' | 'champion' | 'retired' | 'rejected';

/** The decision that a person takes. `train-and-sign`: a sign-off together with the training, by the same person. */
export type Gate = 'window' | 'sign-off' | 'train-and-sign' | 'rollback';

/** The part of a row of the approvals ledger that the rules depend on. */
export interface DecisionFacts {
  readonly gate: Gate;
  /** The id of a model, or at the gate `window` that of a grid search. */
  readonly subject: string;
  readonly decision: 'approve' | 'reject';
  readonly approver: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The decision is no longer open, or never was. */
export class DecisionRefusedError extends ClvError {}

/** The status of a model. @param deployed the ids of all champions, the one in service last. */
export function modelStatus(
  modelId: string,
  deployed: readonly string[],
  decisions: readonly DecisionFacts[],
): ModelStatus {
  if (deployed.at(-1) === modelId) return 'champion';
  if (deployed.includes(modelId)) return 'retired';
  return decisions.some((it) => it.subject === modelId && it.decision === 'reject')
    ? 'rejected'
    : 'candidate';
}

/** Throws DecisionRefusedError where `subject` was decided on before, because a gate is decided only once. */
export function demandUndecided(subject: string, decisions: readonly DecisionFacts[]): void {
  const before = decisions.find((it) => it.subject === subject && it.gate !== 'rollback');
  if (before === undefined) return;
  const verb = before.decision === 'approve' ? 'approved' : 'rejected';
  throw new DecisionRefusedError(
    'ALREADY_DECIDED',
    `${subject} was ${verb} by ${before.approver} at ${before.at}; a gate is decided once.`,
    {
      remedy:
        before.gate === 'window'
          ? 'Run a new search, or train the window you want: clv train --history-months N --pred-months N'
          : 'To put an earlier champion back: clv rollback MODEL. Else train a new candidate.',
      values: { subject, by: before.approver, at: before.at },
    },
  );
}

/** Throws DecisionRefusedError unless the model was a champion before and is not one now. */
export function demandRetired(modelId: string, status: ModelStatus): void {
  if (status === 'retired') return;
  const isInService = status === 'champion';
  throw new DecisionRefusedError(
    isInService ? 'ALREADY_IN_SERVICE' : 'NEVER_IN_SERVICE',
    isInService
      ? `${modelId} is in service already.`
      : `${modelId} has never been a champion (it is ${status}), so it cannot be put back.`,
    {
      remedy: isInService
        ? 'Name an earlier champion: models/champion_manifest.csv lists them.'
        : 'Name an earlier champion, or sign the candidate off: clv approve MODEL --by NAME --note TEXT',
      values: { modelId, status },
    },
  );
}
