import { replaceFile } from '../artefacts/files/replaceFile.ts';
import type { Home } from '../config/home.ts';
import { approvalsPath, type RecordedDecision } from './approvalsLedger.ts';
import { carryingOut } from './carryingOut.ts';
import { appendToManifest, manifestPath } from './championManifest.ts';
import { setAsideTornLine } from './ledgerFile.ts';
import { demandBinary } from './modelBinary.ts';
import { cardSha256, readCard, setCardStatus } from './modelCard.ts';
import { type RegistryState, readRegistry } from './registryState.ts';

/**
 * How a champion changes, in this order; every step is flushed to the disk before the next begins.
 *
 *   decision   one line in approvals.jsonl: from here on the change will be carried out, whatever happens
 *   baseline   clv_model_latest.metrics.json is replaced
 *   manifest   one line in champion_manifest.csv: from here on the new champion is in service
 *   cards      the status on the cards follows; the ledgers decide it, the cards show a copy
 *
 * If a process dies before the first line is complete, everything stays as it was, and the torn line is set aside. If
 * it dies later, there is a decision without its row in the manifest: whoever next asks for the champion, or decides
 * anything, carries it out from the step `baseline` on ({@link recoverRegistry}). Every step may be done twice.
 */
export type DeploymentStep = 'decision' | 'baseline' | 'manifest' | 'cards';

/** Told after each step is done; tests end the process there. */
export type StepListener = (step: DeploymentStep) => void;

/** The file with the baseline of the champion, against which drift is measured. */
export function baselinePath(home: Home): string {
  return `${home.models}/clv_model_latest.metrics.json`;
}

const NOT_IN_SERVICE = 'The model is not in service yet.';
/** What is left of a deployment after each of its steps. */
const LEFT: Readonly<Record<DeploymentStep, string>> = {
  decision: NOT_IN_SERVICE,
  baseline: NOT_IN_SERVICE,
  manifest: 'The model is in service; the cards do not say so yet.',
  cards: '',
};

/**
 * Carries out a decision that is in the ledger: puts its model into service. The caller holds the lock of the registry.
 * Throws ModelUnknownError, CardDamagedError, ForestFileMismatchError, DecisionUnfinishedError.
 */
export function deployChampion(
  home: Home,
  recorded: RecordedDecision,
  afterStep: StepListener = () => undefined,
): Promise<void> {
  return carryingOut(recorded, LEFT, (done) =>
    deploy(home, recorded, (step) => {
      done(step);
      afterStep(step);
    }),
  );
}

async function deploy(
  home: Home,
  { decision, sha256 }: RecordedDecision,
  afterStep: StepListener,
): Promise<void> {
  const card = await readCard(home, decision.subject);
  await demandBinary(home, card);
  const { out_of_time, out_of_bag } = card.metrics;
  const baseline = { model_id: card.model_id, pred_months: card.pred_months, out_of_time, out_of_bag };
  await replaceFile(baselinePath(home), `${JSON.stringify(baseline, null, 2)}\n`);
  afterStep('baseline');
  await appendToManifest(home, {
    deployed_at: decision.at,
    model_id: card.model_id,
    gate: decision.gate,
    cutoff: card.cutoff,
    history_months: String(card.history_months),
    pred_months: String(card.pred_months),
    rmse: String(out_of_time.rmse),
    r2: String(out_of_time.r2 ?? ''),
    forest_sha256: card.forest.sha256,
    card_sha256: await cardSha256(home, card.model_id),
    approval_sha256: sha256,
    deployed_by: decision.approver,
    note: decision.note,
  });
  afterStep('manifest');
  await alignCards(home, await readRegistry(home));
  afterStep('cards');
}

/**
 * Puts the status that follows from the ledgers on every card that shows another. Cards that cannot be read are left
 * alone.
 */
export async function alignCards(home: Home, state: RegistryState): Promise<void> {
  const ids = new Set([
    ...state.manifest.map(({ row }) => row.model_id),
    ...state.decisions.filter((it) => it.decision.gate !== 'window').map((it) => it.decision.subject),
  ]);
  for (const id of ids) {
    const card = await readCard(home, id).catch(() => null);
    if (card !== null && card.status !== state.statusOf(id))
      await setCardStatus(home, id, state.statusOf(id));
  }
}

/**
 * Completes what a process that died left unfinished; returns a sentence for each thing that was done. The caller holds
 * the lock of the registry. A deployment that cannot be completed, because its binary is missing, stays open, and
 * `clv audit` reports it. Throws FileWriteError, DecisionUnfinishedError.
 */
export async function recoverRegistry(home: Home): Promise<string[]> {
  const mended: string[] = [];
  for (const path of [approvalsPath(home), manifestPath(home)]) {
    const aside = await setAsideTornLine(path);
    if (aside !== null) mended.push(`The last line of ${path} was cut short; it now stands in ${aside}.`);
  }
  const state = await readRegistry(home);
  if (state.pending !== null && (await isDeployable(home, state.pending.decision.subject))) {
    await deployChampion(home, state.pending);
    mended.push(
      `The deployment of ${state.pending.decision.subject}, approved by ${state.pending.decision.approver}, had been cut short and is complete now.`,
    );
  } else {
    await alignCards(home, state);
  }
  return mended;
}

async function isDeployable(home: Home, modelId: string): Promise<boolean> {
  return readCard(home, modelId)
    .then((card) => demandBinary(home, card))
    .then(
      () => true,
      () => false,
    );
}
