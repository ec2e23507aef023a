import { ClvError } from '../errors.ts';

/** Who decides and why: what every row of the approvals ledger carries. */
export interface Signature {
  /** A person's name. */
  readonly approver: string;
  readonly note: string;
  /** The ticket or change request that the decision belongs to; null for none. */
  readonly ticket: string | null;
}

/** The parts of a signature, by their names in requests. */
type Part = 'approver' | 'note' | 'ticket' | 'override';

/** A decision lacks a name or a reason, or one of its texts is longer than a ledger keeps. */
export class SignatureMissingError extends ClvError {
  constructor(what: Part, says: string) {
    super('SIGNATURE_MISSING', `The ${CALLED[what]} ${says}.`, { remedy: REMEDY[what], values: { what } });
  }
}

/** A request of one route calls the person `approver`, of another `by`, so neither word would do. */
const CALLED: Readonly<Record<Part, string>> = {
  approver: 'name of the person',
  note: 'note',
  ticket: 'ticket',
  override: 'override',
};

const REMEDY: Readonly<Record<Part, string>> = {
  approver: 'Say who decides: a person by name.',
  note: 'Say in a sentence why, for whoever reads the ledger in seven years.',
  ticket: 'Give the id of the ticket, and put the rest into the note.',
  override: 'Say in a sentence why the model is to serve all the same.',
};

/** One person would decide where two are required. */
export class DutiesNotSeparateError extends ClvError {}

/** The greatest lengths, in UTF-16 code units. */
const LONGEST: Readonly<Record<Part, number>> = { approver: 200, note: 2000, ticket: 200, override: 2000 };

/**
 * The signature as the ledgers keep it, on one line without stray blanks. Throws SignatureMissingError where the name
 * or the reason is missing, or anything is too long.
 */
export function completeSignature({ approver, note, ticket }: Signature): Signature {
  return {
    approver: demandText('approver', approver),
    note: demandText('note', note),
    ticket: ticket === null || onOneLine(ticket) === '' ? null : demandText('ticket', ticket),
  };
}

/** The reason for putting a model into service that lost, as the ledger keeps it. Throws SignatureMissingError. */
export function completeOverride(reason: string): string {
  return demandText('override', reason);
}

function demandText(what: Part, given: string): string {
  const text = onOneLine(given);
  if (!SHOWS.test(text)) throw new SignatureMissingError(what, 'is missing');
  if (text.length > LONGEST[what])
    throw new SignatureMissingError(what, `is longer than ${LONGEST[what]} characters`);
  return text;
}

/** A visible character: not a blank, a control or format character, or a combining mark. */
const SHOWS = /[^\p{Z}\p{C}\p{M}]/u;

/**
 * A line end would cut a row of a ledger in two, so every run of blanks and control characters becomes one blank. Half
 * a surrogate pair is replaced, because it cannot be written as UTF-8 and would be read back as another text.
 */
function onOneLine(text: string): string {
  return text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

/** Whether two names are the same person's; capitals, blanks and invisible characters make no difference. */
export function isSamePerson(a: string, b: string): boolean {
  const fold = (name: string): string =>
    onOneLine(name.normalize('NFKC').replace(/\p{Cf}/gu, '')).toLowerCase();
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

/**
 * Throws DutiesNotSeparateError where distinct approvers are required, since training and signing are then two duties.
 */
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
