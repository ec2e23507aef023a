import { isRunMoving } from '../../queues/isRunMoving.ts';
import type { MaturingWindow } from '../../queues/maturity.ts';
import { type AlarmFault, alarmFault, removeAlarm, windowsWithAlarm } from '../../queues/maturityFlow.ts';
import { ArtefactError } from '../artefacts/sidecar.ts';
import { maturityRules } from '../config/calendarSettings.ts';
import type { ModelConfig } from '../config/schema.ts';
import { dueInstant } from '../domain/calendar/maturity.ts';
import { isSameWindow } from '../domain/drift/driftResult.ts';
import { ClvError } from '../domain/errors.ts';
import { counted } from '../domain/words/counted.ts';
import type { Difference } from './difference.ts';
import { predictionSidecars, stageOf, windowOf } from './maturingWindows.ts';
import type { ScheduleContext } from './scheduleContext.ts';

type Means = Pick<ScheduleContext, 'home' | 'queues' | 'clock'>;

/**
 * Sets the alarm of a window that was just scored, unless it is already set correctly; one that failed for good is set
 * again. A window that needs no alarm gets none.
 */
export async function keepAlarm(means: Means, config: ModelConfig, window: MaturingWindow): Promise<void> {
  await (await faultOf(means, config, window, true))?.mend();
}

/**
 * The alarms that are missing, set to another instant, or stand for a prediction file that is gone; and the predictions that
 * nobody knows the alarm of, because their sidecar is damaged.
 */
export async function alarmDifferences(means: Means, config: ModelConfig): Promise<Difference[]> {
  const { home, queues } = means;
  const differences: Difference[] = [];
  const { sidecars, damaged } = await predictionSidecars(home);
  for (const window of sidecars.map(windowOf)) {
    differences.push(
      ...(await differenceOf(means, config, window).catch((error) => [unknown(window, error)])),
    );
  }
  for (const { window, error } of damaged) differences.push(withoutSidecar(window, error));
  for (const window of await windowsWithAlarm(queues)) {
    if (damaged.some((it) => isSameWindow(it.window, window))) continue;
    const stage = await stageOf(home, window).catch(ifOfFile);
    // A run that goes on writes its predictions before their sidecar.
    const isLost = stage instanceof ArtefactError;
    if ((!isLost && stage !== 'gone') || (await isRunMoving(queues, window))) continue;
    if (isLost) differences.push(withoutSidecar(window, stage));
    else
      differences.push({
        kind: 'alarm-stray',
        says: `The prediction file of cutoff ${window.cutoff}, ${counted(window.predMonths, 'month')}, is gone; its alarm is taken away.`,
        values: { ...window },
        mend: () => removeAlarm(queues, window),
      });
  }
  return differences;
}

/** The difference of one window, if there is one. */
async function differenceOf(
  means: Means,
  config: ModelConfig,
  window: MaturingWindow,
): Promise<Difference[]> {
  // The run sets the alarm itself.
  if (await isRunMoving(means.queues, window)) return [];
  // Checked twice, because a job may have ended between looking at the files and at the jobs, which is no fault.
  if ((await faultOf(means, config, window)) === null) return [];
  const fault = await faultOf(means, config, window);
  if (fault === null) return [];
  const due = new Date(dueInstant(window, maturityRules(config))).toISOString();
  return [
    {
      kind: `alarm-${fault.fault}`,
      says: `The alarm of cutoff ${window.cutoff}, ${counted(window.predMonths, 'month')}, ${WORDS[fault.fault]}; it is set to ${due}.`,
      values: { ...window, due },
      mend: fault.mend,
    },
  ];
}

/** Of a window whose stage cannot be told for other reasons, there is a prediction, and it is told of elsewhere. */
function ifOfFile(error: unknown): ClvError {
  if (error instanceof ClvError) return error;
  throw error;
}

/** Predictions of which nobody can tell the window and the model; a person has to bring back what does. */
function withoutSidecar(window: MaturingWindow, error: ArtefactError): Difference {
  return {
    kind: 'sidecar-damaged',
    says: `The sidecar of the predictions of cutoff ${window.cutoff}, ${counted(window.predMonths, 'month')}, cannot be used; their alarm is left as it is.`,
    values: { ...window },
    mend: () => Promise.reject(error),
  };
}

/** A window of which the files do not tell how far it has come. Throws an error that is not of a file. */
function unknown(window: MaturingWindow, error: unknown): Difference {
  if (!(error instanceof ClvError)) throw error;
  return {
    kind: 'alarm-unknown',
    says: `It cannot be told how far the window of cutoff ${window.cutoff}, ${counted(window.predMonths, 'month')}, has come; its alarm is left as it is.`,
    values: { ...window },
    mend: () => Promise.reject(error),
  };
}

const WORDS = { missing: 'was missing', misplaced: 'was set to another instant' };

async function faultOf(
  { home, queues, clock }: Means,
  config: ModelConfig,
  window: MaturingWindow,
  isScoredAnew = false,
): Promise<AlarmFault | null> {
  const stage = await stageOf(home, window);
  if (stage === 'compared' || stage === 'gone') return null;
  const dueMs = dueInstant(window, maturityRules(config));
  const dataWait = config.schedule.data_wait;
  return alarmFault(queues, { window, dueMs, stage, dataWait, isScoredAnew }, clock);
}
