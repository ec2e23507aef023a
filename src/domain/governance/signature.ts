import { ClvError } from '../errors.ts';

/** Who decides and why: what every row of the approvals ledger carries. */
export interface Signature {
  /** A person's name. */
  readonly approver: string;
  readonly note: string;
  /** The ticket or change request that the decision belongs to; null for none. */
  readonly ticket: string | null;
}

/** A decision lacks what makes it one: a name, or a reason. */
export class SignatureMissingError extends ClvError {
  constructor(what: 'approver' | 'note', says: string) {
    super('SIGNATURE_MISSING', `The ${what} ${says}.`, {
      remedy:
        what === 'approver'
          ? 'Say who decides: a person by name.'
          : 'Say in a sentence why, for whoever reads the ledger in seven years.',
      values: { what },
    });
  }
}

/** One person would decide where two are asked for. */
export class DutiesNotSeparateError extends ClvError {}

const LONGEST = { approver: 200, note: 2000 } as const;

/**
 * The signature as the ledgers keep it, on one line without stray blanks. Throws SignatureMissingError where the name or
 * the reason is missing or too long.
 */
export function completeSignature(given: Signature): Signature {
  const clean = (what: 'approver' | 'note'): string => {
    const text = onOneLine(given[what]);
    if (text === '') throw new SignatureMissingError(what, 'is missing');
    if (text.length > LONGEST[what])
      throw new SignatureMissingError(what, `is longer than ${LONGEST[what]} characters`);
    return text;
  };
  return { approver: clean('approver'), note: clean('note'), ticket: onOneLine(given.ticket ?? '') || null };
}

/** A reason of its own, as {@link completeSignature} keeps a note. Throws SignatureMissingError. */
export function completeNote(note: string): string {
  return completeSignature({ approver: '-', note, ticket: null }).note;
}

/** Line ends would tear a row of a ledger in two, so every run of blanks and control characters becomes one blank. */
function onOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Whether two names are one person's, however they are capitalised or spaced. */
export function isSamePerson(a: string, b: string): boolean {
  const fold = (name: string): string => onOneLine(name.normalize('NFKC')).toLowerCase();
  return fold(a) === fold(b);
}

/**
 * Throws DutiesNotSeparateError where distinct approvers are required and `approver` approved the window at gate 1.
 *
 * @param windowApprover who approved the search that the model came from; null where it came from none.
 */
export function demandDistinctApprovers(
  isRequired: boolean,
  approver: string,
  windowApprover: string | null,
): void {
  if (!isRequired || windowApprover === null || !isSamePerson(approver, windowApprover)) return;
  throw new DutiesNotSeparateError(
    'DUTIES_NOT_SEPARATE',
    `${approver} approved the window of this model at gate 1 and cannot sign it off at gate 2 as well.`,
    {
      remedy: 'Ask another person to sign (governance.distinct_approvers is true in the config).',
      values: { approver, windowApprover },
    },
  );
}

/** Throws DutiesNotSeparateError where distinct approvers are required, since training and signing are then two duties. */
export function demandMayTrainAndSign(isDistinctRequired: boolean): void {
  if (!isDistinctRequired) return;
  throw new DutiesNotSeparateError(
    'DUTIES_NOT_SEPARATE',
    'A model cannot be trained and signed off in one go while distinct approvers are required.',
    {
      remedy:
        'Train without --sign-off, and let another person sign: clv approve MODEL --by NAME --note TEXT',
    },
  );
}
