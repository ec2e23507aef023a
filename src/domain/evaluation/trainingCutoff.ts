import { addDays, addMonths, type IsoDate } from '../calendar/dates.ts';
import { historyWindow, predictionWindow } from '../calendar/windows.ts';
import { ClvError } from '../errors.ts';
import { counted } from '../words/counted.ts';

/** The prediction window of a training cutoff is not complete in the data, so its labels would be cut short. */
export class CutoffNotMaturedError extends ClvError {}

/** Where a model is fitted, and where the same kind of model is measured on months that it did not see. */
export interface TrainingPlan {
  /** The final fit: history before it, labels in the prediction window after it. */
  readonly cutoff: IsoDate;
  /** The fit of the baseline: one prediction window earlier, so that its labels end where the measured ones begin. */
  readonly baselineCutoff: IsoDate;
  /** False where the data begins after the start of the baseline fit's history window. */
  readonly hasFullBaselineHistory: boolean;
}

/**
 * The plan of an honest training (see "Baseline" in docs/architecture.md).
 *
 * @param cutoff null for the latest cutoff whose labels are complete.
 * @param data the first date of the orders, and the day after the last.
 * @throws CutoffNotMaturedError for labels that the data does not hold; ClvError `BASELINE_IMPOSSIBLE` where there is
 *   no history before the baseline fit.
 */
export function planTraining(
  cutoff: IsoDate | null,
  windows: { readonly historyMonths: number; readonly predMonths: number },
  data: { readonly firstDate: IsoDate; readonly dataEnd: IsoDate },
): TrainingPlan {
  const { historyMonths, predMonths } = windows;
  const latest = latestMaturedCutoff(data.dataEnd, predMonths);
  const chosen = cutoff ?? latest;
  const labelEnd = predictionWindow(chosen, predMonths).end;
  if (endsAfter(data.dataEnd, chosen, labelEnd)) {
    throw new CutoffNotMaturedError(
      'CUTOFF_NOT_MATURED',
      `A model of ${counted(predMonths, 'month')} ahead cannot be trained at ${chosen}: its labels end at ${labelEnd}, but the orders end before ${data.dataEnd}.`,
      {
        remedy: `Train at ${latest} or earlier, or predict fewer months.`,
        values: { cutoff: chosen, labelEnd, ...data },
      },
    );
  }
  const baselineCutoff = addMonths(chosen, -predMonths);
  if (baselineCutoff <= data.firstDate) {
    throw new ClvError(
      'BASELINE_IMPOSSIBLE',
      `A model at ${chosen} cannot be measured honestly: that takes a fit at ${baselineCutoff}, and the orders begin at ${data.firstDate}.`,
      {
        remedy: `Predict fewer months, or bring orders from before ${baselineCutoff}.`,
        values: { cutoff: chosen, ...data },
      },
    );
  }
  return {
    cutoff: chosen,
    baselineCutoff,
    hasFullBaselineHistory: historyWindow(baselineCutoff, historyMonths).start >= data.firstDate,
  };
}

/**
 * Throws CutoffNotMaturedError for a cutoff whose labels no orders can hold, because they end after today: that is known
 * before any orders are read.
 */
export function demandLabelsOfThePast(cutoff: IsoDate, predMonths: number, today: IsoDate): void {
  const tomorrow = addDays(today, 1);
  const labelEnd = predictionWindow(cutoff, predMonths).end;
  if (!endsAfter(tomorrow, cutoff, labelEnd)) return;
  throw new CutoffNotMaturedError(
    'CUTOFF_NOT_MATURED',
    `A model of ${counted(predMonths, 'month')} ahead cannot be trained at ${cutoff}: its labels end at ${labelEnd}, and today is ${today}.`,
    {
      remedy: `Train at ${latestMaturedCutoff(tomorrow, predMonths)} or earlier, or predict fewer months.`,
      values: { cutoff, labelEnd, today },
    },
  );
}

/** The cutoff is compared as well: a year of five digits, which labels may end in, is not in the order of texts. */
function endsAfter(end: IsoDate, cutoff: IsoDate, labelEnd: IsoDate): boolean {
  return cutoff > end || labelEnd > end;
}

/**
 * The latest cutoff whose prediction window is complete in the data. Its window never ends after `dataEnd`, because
 * clamping to a month's end only makes a day earlier.
 */
export function latestMaturedCutoff(dataEnd: IsoDate, predMonths: number): IsoDate {
  return addMonths(dataEnd, -predMonths);
}
