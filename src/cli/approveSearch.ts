import { candidateAtLatestCutoff, findTraining, startTraining } from '../../queues/startTraining.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { counted } from '../domain/words/counted.ts';
import {
  type ApprovedTraining,
  decideOnSearch,
  type SearchDecision,
  type SearchDecisionOutcome,
} from '../registry/decideOnSearch.ts';
import { systemClock } from '../systemClock.ts';
import type { CommandContext } from './command.ts';
import { followTraining } from './runTraining.ts';
import { withSession } from './session.ts';
import { describeTraining } from './summaries.ts';

/** Gate 1 from the command line: decides on a search; an approved window is trained, and the training followed. */
export async function approveSearch(request: SearchDecision, context: CommandContext): Promise<void> {
  const { home, terminal } = context;
  const nowMs = systemClock.now();
  if (request.decision === 'reject') {
    const outcome = await decideOnSearch(home, request, { nowMs, trainings: null });
    terminal.result(describeSearchDecision(outcome), outcome);
    return;
  }
  await withSession(context, await loadConfig(home), async ({ queues, workUnlessOthersDo }) => {
    let approved: ApprovedTraining | null = null;
    const outcome = await decideOnSearch(home, request, {
      nowMs,
      trainings: {
        find: (modelId) => findTraining(queues, modelId),
        // Queued only when somebody listens: a training that failed at once would go unnoticed.
        async start(training) {
          if (training.search.id === request.searchId) approved = training;
          else await startTraining(queues, candidateAtLatestCutoff(training));
        },
      },
    });
    terminal.say(describeSearchDecision(outcome));
    if (approved === null) return;
    const training = candidateAtLatestCutoff(approved);
    await workUnlessOthersDo();
    const start = (): Promise<string> => startTraining(queues, training);
    const result = await followTraining(queues, training.modelId, start, terminal);
    terminal.result(describeTraining(result), { ...outcome, training: result });
  });
}

function describeSearchDecision({ decision, proposal, mended }: SearchDecisionOutcome): string {
  const { window, subject, approver, note } = decision;
  const what =
    window === null
      ? `${subject} rejected`
      : `${counted(window.history_months, 'month')} of history, ${window.pred_months} ahead approved`;
  return [
    ...mended.map((sentence) => `Mended     ${sentence}`),
    `Decided    ${what} by ${approver}: ${note}`,
    ...(window === null ? [] : [`Config     modeling.history_months and pred_months say so now`]),
    ...(proposal.decision?.model_id ? [`Training   ${proposal.decision.model_id}`] : []),
  ].join('\n');
}
