import type { CalendarFacts, WaitingWindow, WindowProgress } from '../../../web/dashboardFacts.ts';
import { readDriftHistory } from '../../alerts/driftHistory.ts';
import { inBatches } from '../../artefacts/files/inBatches.ts';
import { runFileName } from '../../artefacts/names.ts';
import { rememberedSidecar } from '../../artefacts/rememberedSidecar.ts';
import { readPartial } from '../../artefacts/run/partialFile.ts';
import { newestCompleteRun, readRunReport } from '../../artefacts/run/runReport.ts';
import type { Sidecar } from '../../artefacts/sidecar.ts';
import { calendarOf, maturityRules } from '../../config/calendarSettings.ts';
import type { Home } from '../../config/home.ts';
import type { ModelConfig } from '../../config/schema.ts';
import { nextSlot } from '../../domain/calendar/cadence.ts';
import { dueInstant } from '../../domain/calendar/maturity.ts';
import { openSlots } from '../../domain/calendar/slotHistory.ts';
import { predictionSidecars, stageOfPrediction, windowOf } from '../../schedule/maturingWindows.ts';
import { readSlotLedger } from '../../schedule/slotLedger.ts';
import { describeError } from '../errors/describeError.ts';

/** A slot that came less long ago may be in the hands of a worker. */
const SLOT_PATIENCE_MS = 3_600_000;

/** What comes and what waits, by config and files. Throws SlotLedgerError, DriftHistoryDamagedError, FolderUnreadableError. */
export async function calendarFacts(home: Home, config: ModelConfig, nowMs: number): Promise<CalendarFacts> {
  const calendar = calendarOf(config);
  const { sidecars, damaged } = await predictionSidecars(home, rememberedSidecar);
  const [ledger, windows] = await Promise.all([readSlotLedger(home), waitingWindows(home, config, sidecars)]);
  return {
    nextSlotMs: calendar === null ? null : nextSlot(calendar, nowMs).epochMs,
    openSlotsMs: openSlots(ledger, nowMs - SLOT_PATIENCE_MS),
    windows,
    damaged: damaged.map(({ error }) => {
      const { message, remedy } = describeError(error, home).body.error;
      return { says: message, remedy: remedy ?? null };
    }),
  };
}

async function waitingWindows(
  home: Home,
  config: ModelConfig,
  predictions: readonly Sidecar[],
): Promise<WaitingWindow[]> {
  const [history, progress] = await Promise.all([readDriftHistory(home), recordedProgress(home)]);
  const found = await inBatches(predictions, async (prediction): Promise<WaitingWindow | null> => {
    const stage = await stageOfPrediction(home, prediction, async () => history, rememberedSidecar);
    if (stage === 'compared' || stage === 'gone') return null;
    const window = windowOf(prediction);
    const predicted = prediction.predicted_revenue;
    return {
      ...window,
      stage,
      dueMs: dueInstant(window, maturityRules(config)),
      modelId: prediction.model_id,
      customers: prediction.rows,
      predicted: typeof predicted === 'number' ? predicted : null,
      progress: progress.get(runFileName('predictions', window)) ?? null,
    };
  });
  return found.filter((window) => window !== null).sort((a, b) => a.dueMs - b.dueMs);
}

/** How open windows stood at the newest run, by the names of their predictions; the page does without where that is not told. */
async function recordedProgress(home: Home): Promise<ReadonlyMap<string, WindowProgress>> {
  const run = await newestCompleteRun(home.runReports);
  if (run === null) return new Map();
  const report = await readRunReport(home.runReports, run).catch(() => null);
  const name = report?.open_windows?.file;
  const rows = name === undefined ? [] : await readPartial(home.outputs, name).catch(() => []);
  return new Map(
    rows.map(({ file, asOf, realised, expected, seasonalExpected }) => [
      file,
      { asOf, realised, expected: seasonalExpected ?? expected },
    ]),
  );
}
