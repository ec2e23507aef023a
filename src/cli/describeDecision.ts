import type { DecisionOutcome } from '../registry/decideOnModel.ts';

/** What was decided, what is in service now, and what was mended on the way. */
export function describeDecision({ decision, championId, mended }: DecisionOutcome): string {
  const verb =
    decision.decision === 'reject'
      ? 'rejected'
      : decision.gate === 'rollback'
        ? 'put back into service'
        : 'signed off';
  return [
    ...mended.map((sentence) => `Mended     ${sentence}`),
    `Decided    ${decision.subject} ${verb} by ${decision.approver}: ${decision.note}`,
    `Champion   ${championId ?? 'none'}`,
  ].join('\n');
}
