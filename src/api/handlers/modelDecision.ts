import { z } from 'zod';
import { loadConfig } from '../../config/loadConfig.ts';
import { decideOnModel, type ModelRequest } from '../../registry/decideOnModel.ts';
import type { Api } from '../api.ts';
import type { Answer } from '../route.ts';

/** What the body of every decision holds. */
export const signatureShape = {
  approver: z.string('is not a text'),
  note: z.string('is not a text'),
  ticket: z.string().nullable().default(null),
};

/** Records a decision on a model, carries it out, and answers with what is in service now. */
export async function answerDecision(request: ModelRequest, { home, clock, log }: Api): Promise<Answer> {
  const { governance } = await loadConfig(home);
  const { decision, championId, mended } = await decideOnModel(home, request, {
    distinctApprovers: governance.distinct_approvers,
    nowMs: clock.now(),
  });
  for (const sentence of mended) log.warn({ modelId: request.modelId }, sentence);
  log.info(
    {
      modelId: request.modelId,
      gate: decision.gate,
      decision: decision.decision,
      approver: decision.approver,
    },
    'a person decided on a model',
  );
  return { status: 200, body: { decision, champion: championId, mended } };
}
