import { FileWriteError } from '../artefacts/files/replaceFile.ts';
import { TransientError } from '../domain/errors.ts';
import type { RecordedDecision } from './approvalsLedger.ts';

/** A decision is in the ledger and holds, but a file that follows from it could not be written. */
export class DecisionUnfinishedError extends TransientError {}

/**
 * Does what follows from a decision that is in the ledger. Throws DecisionUnfinishedError, which says what is left,
 * where a file cannot be written.
 *
 * @param left what is left after each step, in a sentence; the step `decision` is done already.
 */
export async function carryingOut<Left extends { readonly decision: string }>(
  { decision: { approver, decision, gate, subject } }: RecordedDecision,
  left: Left & Readonly<Record<keyof Left, string>>,
  work: (afterStep: (step: keyof Left) => void) => Promise<void>,
): Promise<void> {
  let last: keyof Left = 'decision';
  try {
    await work((step) => {
      last = step;
    });
  } catch (cause) {
    if (!(cause instanceof FileWriteError)) throw cause;
    throw new DecisionUnfinishedError(
      'DECISION_UNFINISHED',
      `The decision of ${approver} to ${gate === 'rollback' ? 'go back to' : decision} ${subject} is recorded, but not all that follows from it is done: ${left[last]} ${cause.message}`,
      {
        remedy: `${cause.remedy} The decision holds: the same one, given again, does the rest.`,
        values: { ...cause.values, subject, decision, done: last },
        cause,
      },
    );
  }
}
