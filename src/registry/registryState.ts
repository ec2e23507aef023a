import type { Home } from '../config/home.ts';
import type { ModelStatus } from '../domain/governance/modelStatus.ts';
import { modelStatus } from '../domain/governance/modelStatus.ts';
import { type RecordedDecision, readDecisions } from './approvalsLedger.ts';
import { type ManifestEntry, readManifest } from './championManifest.ts';

/** What the two ledgers say at one moment. */
export interface RegistryState {
  readonly manifest: readonly ManifestEntry[];
  readonly decisions: readonly RecordedDecision[];
  /** The model in service; null before the first. */
  readonly championId: string | null;
  /**
   * The last deployment that was decided, if its row in the manifest is missing because it was interrupted; else null.
   */
  readonly pending: RecordedDecision | null;
  readonly isTorn: boolean;
  statusOf(modelId: string): ModelStatus;
}

/** Reads both ledgers. Throws ManifestDamagedError, ApprovalsDamagedError. */
export async function readRegistry(home: Home): Promise<RegistryState> {
  const { decisions, torn: tornDecision } = await readDecisions(home);
  const { entries: manifest, torn: tornRow } = await readManifest(home);
  const deployed = manifest.map(({ row }) => row.model_id);
  const facts = decisions.map(({ decision }) => decision);
  const carriedOut = new Set(manifest.map(({ row }) => row.approval_sha256));
  const last = decisions.findLast((it) => isDeployment(it));
  return {
    manifest,
    decisions,
    championId: deployed.at(-1) ?? null,
    pending: last !== undefined && !carriedOut.has(last.sha256) ? last : null,
    isTorn: tornDecision !== null || tornRow !== null,
    statusOf: (modelId) => modelStatus(modelId, deployed, facts),
  };
}

/** Whether a decision puts a model into service. */
export function isDeployment({ decision }: RecordedDecision): boolean {
  return decision.decision === 'approve' && decision.gate !== 'window';
}
