import { z } from 'zod';
import type { Home } from '../config/home.ts';
import { ClvError } from '../domain/errors.ts';
import { rowSha256 } from '../domain/governance/hashChain.ts';
import { appendChained, readLedgerText } from './ledgerFile.ts';

/** `approvals.jsonl` holds a line that is not a decision. */
export class ApprovalsDamagedError extends ClvError {}

/** The shape of a row of the approvals ledger. */
export const decisionSchema = z.strictObject({
  /** ISO 8601 in UTC. */
  at: z.string(),
  gate: z.enum(['window', 'sign-off', 'train-and-sign', 'rollback']),
  /** The id of a model; at the gate `window` that of a grid search. */
  subject: z.string(),
  decision: z.enum(['approve', 'reject']),
  approver: z.string(),
  ticket: z.string().nullable(),
  note: z.string(),
  /** Why a model that lost to a benchmark was signed off; absent where it had not lost. */
  override: z.string().optional(),
  /** The window that was approved at gate 1; null elsewhere. */
  window: z.strictObject({ history_months: z.int(), pred_months: z.int() }).nullable(),
  /** The champion at the moment of the decision. */
  champion_before: z.string().nullable(),
  prev_sha256: z.string(),
});

/** A row of the approvals ledger: who decided what, when and why. */
export type Decision = z.infer<typeof decisionSchema>;

/** A decision as it stands in the file. */
export interface RecordedDecision {
  readonly line: string;
  /** SHA-256 of the line, by which a row of the manifest names the decision that it carries out. */
  readonly sha256: string;
  readonly decision: Decision;
}

/** The path of the ledger of decisions. */
export function approvalsPath(home: Home): string {
  return `${home.models}/approvals.jsonl`;
}

/** Adds a decision. The caller holds the lock of the registry. */
export async function appendDecision(
  home: Home,
  decision: Omit<Decision, 'prev_sha256'>,
): Promise<RecordedDecision> {
  let line = '';
  let whole: Decision | undefined;
  const sha256 = await appendChained(approvalsPath(home), null, (prev_sha256) => {
    whole = { ...decision, prev_sha256 };
    line = JSON.stringify(whole);
    return line;
  });
  return { line, sha256, decision: whole as Decision };
}

/** All complete rows, oldest first, and the last line if it was cut short, else null. Throws ApprovalsDamagedError. */
export async function readDecisions(
  home: Home,
): Promise<{ decisions: RecordedDecision[]; torn: string | null }> {
  const path = approvalsPath(home);
  const { lines, torn } = await readLedgerText(path);
  const decisions = lines.map((line, i) => ({
    line,
    sha256: rowSha256(line),
    decision: parse(line, `${path}, row ${i + 1}`),
  }));
  return { decisions, torn };
}

function parse(line: string, where: string): Decision {
  try {
    return decisionSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw new ApprovalsDamagedError('APPROVALS_DAMAGED', `${where} cannot be read: "${line}".`, {
      remedy: 'Restore the file from a backup; it is only ever appended to.',
      cause,
    });
  }
}
