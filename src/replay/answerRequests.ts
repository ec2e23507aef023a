import {
  cellsOf,
  gridCellJobId,
  gridSearch,
  gridSearchJobId,
  newGridSearch,
} from '../../queues/gridSearch.ts';
import { trainChampion } from '../../queues/modelBuild.ts';
import { startGridSearch } from '../../queues/startGridSearch.ts';
import { trainingJobId, trainingQueue } from '../../queues/startTraining.ts';
import { gridSearchSettings } from '../config/gridSearchSettings.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { fileTimestamp } from '../domain/calendar/timestamps.ts';
import { counted } from '../domain/words/counted.ts';
import { decideOnModel } from '../registry/decideOnModel.ts';
import { decideOnSearch } from '../registry/decideOnSearch.ts';
import { decideOnRequest, listRequests, type ReviewRequest } from '../registry/requests.ts';
import { REPLAY_SIGNATURE } from './replayPolicy.ts';
import type { ReplayStage } from './replayStage.ts';

/** Answers every open notice of sustained drift as the policy `search` says: from the request to a new champion. */
export async function answerDriftRequests(stage: ReplayStage): Promise<void> {
  for (const request of await listRequests(stage.home)) {
    if (request.kind === 'sustained-drift' && request.status === 'open') await answer(stage, request);
  }
}

async function answer(stage: ReplayStage, request: ReviewRequest): Promise<void> {
  const { home, queues, jobs, clock } = stage;
  const { approver: by, note } = REPLAY_SIGNATURE;
  const nowMs = clock.now();
  const config = await loadConfig(home);
  const search = newGridSearch(fileTimestamp(nowMs), nowMs, gridSearchSettings(config), {
    requestedBy: by,
    note,
    eligibilityOverride: note,
    orders: null,
  });
  const { searchId } = search;
  await decideOnRequest(home, request.id, { status: 'search-started', by, note, searchId, nowMs });
  stage.decided(`Grid search asked for: ${request.reason}`, null);
  await jobs.rest(
    {
      queue: gridSearch.queue,
      id: gridSearchJobId(searchId),
      after: cellsOf(search).map((cell) => gridCellJobId(searchId, cell)),
    },
    () => startGridSearch(queues, search),
  );
  const { proposal } = await decideOnSearch(
    home,
    { searchId, decision: 'approve', window: null, ...REPLAY_SIGNATURE },
    { nowMs: clock.now(), trainings: trainingQueue(queues) },
  );
  const modelId = proposal.decision?.model_id as string;
  const { history_months: history, pred_months: ahead } = proposal.winner;
  stage.decided(`Gate 1: ${counted(history, 'month')} of history, ${ahead} ahead approved`, modelId);
  await jobs.rest({ queue: trainChampion.queue, id: trainingJobId(modelId) }, async () => undefined);
  await decideOnModel(
    home,
    { gate: 'sign-off', modelId, decision: 'approve', ...REPLAY_SIGNATURE, override: REPLAY_SIGNATURE.note },
    { distinctApprovers: false, nowMs: clock.now() },
  );
  stage.decided('Gate 2: signed off as champion', modelId);
}
