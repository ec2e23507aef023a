import { ClvError } from '../errors.ts';

/** Where a model stands. Only the ledgers decide it; the card shows a copy. */
export type ModelStatus = 'candidate' | 'champion' | 'retired' | 'rejected';

/** What a gate was asked. `train-and-sign`: a sign-off by the person who trained, in one go. */
export type Gate = 'window' | 'sign-off' | 'train-and-sign' | 'rollback';

/** The part of a row of the approvals ledger that rules look at. */
export interface DecisionFacts {
  readonly gate: Gate;
  /** The id of a model, or at the gate `window` of a grid search. */
  readonly subject: string;
  readonly decision: 'approve' | 'reject';
  readonly approver: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The decision is not open any more, or never was. */
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

/** Throws DecisionRefusedError where `subject` was decided on before: a gate is passed, or closed, once. */
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

/** Throws DecisionRefusedError unless the model has been a champion and is none now. */
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
