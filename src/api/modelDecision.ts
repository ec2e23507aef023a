import { z } from 'zod';
import { loadConfig } from '../config/loadConfig.ts';
import { decisionSchema } from '../registry/approvalsLedger.ts';
import { decideOnModel, type ModelRequest } from '../registry/decideOnModel.ts';
import type { AnswerAsDeclared } from './answer.ts';
import type { Api } from './api.ts';
import type { ErrorCode } from './errors/statusOfCode.ts';

/** What the body of every decision holds. */
export const signatureShape = {
  approver: z.string('is not a text').describe('A person’s name.'),
  note: z.string('is not a text').describe('Why.'),
  ticket: z.string().nullable().default(null),
};

/** What the answer to every decision holds. */
export const decidedShape = {
  decision: decisionSchema.meta({ id: 'Decision' }),
  mended: z
    .array(z.string())
    .describe('What an earlier process had left half-done and is mended now, in sentences.'),
};

/** The answers of a route by which a person decides on a model. */
export const MODEL_DECIDED = {
  200: {
    description: 'The decision is recorded and carried out.',
    body: z.strictObject({
      ...decidedShape,
      champion: z.string().nullable().describe('The model that is in service now; null for none.'),
    }),
  },
} as const;

/** Why a decision on any model may be refused. */
export const MODEL_REFUSALS = [
  'SIGNATURE_MISSING',
  'DUTIES_NOT_SEPARATE',
  'MODEL_UNKNOWN',
  'FOREST_FILE_MISMATCH',
  'REGISTRY_BUSY',
] as const satisfies readonly ErrorCode[];

/** Records a decision on a model, carries it out, and answers with what is in service now. Throws what `decideOnModel` throws. */
export async function answerDecision(
  request: ModelRequest,
  { home, clock, log }: Api,
): Promise<AnswerAsDeclared<typeof MODEL_DECIDED>> {
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
  return { status: 200, body: { decision, champion: championId, mended: [...mended] } };
}
