import {
  type TrainingReportHeading,
  trainingReportHtml,
} from '../../src/artefacts/pages/trainingReportHtml.ts';
import { trainingReportCsv } from '../../src/artefacts/trainingReportCsv.ts';
import type { MeasuredForecasts } from '../../src/domain/evaluation/measuredForecasts.ts';
import { type TrainingReport, trainingReport } from '../../src/domain/evaluation/trainingReport.ts';
import { poolTask } from './taskAnswer.ts';

/** Measures the forecasts of a training and draws the report, in both of its forms. */
export const drawTrainingReportTask = poolTask(
  async (task: {
    readonly forecasts: MeasuredForecasts;
    readonly heading: TrainingReportHeading;
  }): Promise<{ html: string; csv: string; report: TrainingReport }> => {
    const report = trainingReport(task.forecasts);
    return {
      html: await trainingReportHtml(report, task.heading),
      csv: trainingReportCsv(report, task.heading.modelId),
      report,
    };
  },
);
