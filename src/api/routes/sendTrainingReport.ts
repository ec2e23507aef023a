import { readCard } from '../../registry/modelCard.ts';
import { readTrainingReport } from '../../registry/trainingReportFiles.ts';
import type { ErrorCode } from '../errors/statusOfCode.ts';
import { STILL_PAGE } from '../guards/securityHeaders.ts';
import { route } from '../route.ts';

const REFUSALS: readonly ErrorCode[] = [
  'MODEL_UNKNOWN',
  'TRAINING_REPORT_UNKNOWN',
  'TRAINING_REPORT_CHANGED',
];

/** Sends the report of a model's training as a page, if it is the one that its card was written with. */
export const sendTrainingReportPage = route({
  operationId: 'sendTrainingReportPage',
  method: 'get',
  path: '/api/models/:id/report',
  summary: 'Serves the report of a training as a page.',
  params: { id: 'Id of the model.' },
  answers: { 200: { description: 'The page.', bytes: ['text/html'] } },
  refusals: REFUSALS,
  handler: async ({ params: { id } }, { home }) => ({
    status: 200,
    body: await readTrainingReport(home, await readCard(home, id), 'html'),
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': STILL_PAGE },
  }),
});

/** The same as a table. */
export const sendTrainingReportTable = route({
  operationId: 'sendTrainingReportTable',
  method: 'get',
  path: '/api/models/:id/report.csv',
  summary: 'Serves the figures of that report as CSV.',
  params: { id: 'Id of the model.' },
  answers: { 200: { description: 'The figures.', bytes: ['text/csv'] } },
  refusals: REFUSALS,
  handler: async ({ params: { id } }, { home }) => ({
    status: 200,
    body: await readTrainingReport(home, await readCard(home, id), 'csv'),
    headers: { 'Content-Type': 'text/csv; charset=utf-8' },
  }),
});
