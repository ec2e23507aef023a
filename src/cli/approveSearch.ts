import type { Queues } from '../../queues/openQueues.ts';
import {
  candidateAtLatestCutoff,
  findTraining,
  startTraining,
  trainingJobId,
} from '../../queues/startTraining.ts';
import { findGridSearchProposal } from '../artefacts/search/gridSearchProposal.ts';
import type { Home } from '../config/home.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { DecisionRefusedError } from '../domain/governance/modelStatus.ts';
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
    const decided = decideOnSearch(home, request, {
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
    const outcome = await decided.catch(async (error) => {
      if (!(error instanceof DecisionRefusedError)) throw error;
      const modelId = await trainingLeft(home, queues, request);
      if (modelId === null) throw error;
      terminal.say(`${error.message}\nThe training of ${modelId} is in the queue already: it is followed.`);
      await workUnlessOthersDo();
      const start = async (): Promise<string> => trainingJobId(modelId);
      const result = await followTraining(queues, modelId, start, terminal);
      terminal.result(describeTraining(result), { training: result });
      return null;
    });
    if (outcome === null) return;
    terminal.say(describeSearchDecision(outcome));
    if (approved === null) return;
    const training = candidateAtLatestCutoff(approved);
    await workUnlessOthersDo();
    const start = (): Promise<string> => startTraining(queues, training);
    const result = await followTraining(queues, training.modelId, start, terminal);
    terminal.result(describeTraining(result), { ...outcome, training: result });
  });
}

/**
 * The model that the same person's approval has trained, if that is in the queue and not done; else null. A command that
 * was killed leaves it there, and whoever gives it again means that training.
 */
async function trainingLeft(
  home: Home,
  queues: Queues,
  { searchId, approver }: SearchDecision,
): Promise<string | null> {
  const decision = (await findGridSearchProposal(home.outputs, searchId))?.decision;
  if (decision === undefined || decision.model_id === null || decision.approver !== approver) return null;
  return (await findTraining(queues, decision.model_id)) === 'pending' ? decision.model_id : null;
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
