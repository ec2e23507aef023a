import { readCard } from '../../registry/modelCard.ts';
import { type ReportForm, readTrainingReport } from '../../registry/trainingReportFiles.ts';
import { STILL_PAGE } from '../guards/securityHeaders.ts';
import type { Handler } from '../route.ts';

const HEADERS: Readonly<Record<ReportForm, Readonly<Record<string, string>>>> = {
  html: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': STILL_PAGE },
  csv: { 'Content-Type': 'text/csv; charset=utf-8' },
};

/** Sends one form of the report of a model's training, if it is the one that its card was written with. */
export function sendTrainingReport(form: ReportForm): Handler {
  return async ({ params: { id } }, { home }) => ({
    status: 200,
    body: await readTrainingReport(home, await readCard(home, id), form),
    headers: HEADERS[form],
  });
}
