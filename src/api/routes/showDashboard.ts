import { dashboardHtml } from '../../../web/dashboardHtml.ts';
import { gatherDashboard } from '../dashboard/gatherDashboard.ts';
import { STILL_PAGE } from '../guards/securityHeaders.ts';
import { route } from '../route.ts';

/** How the shop stands, on one page for people. Answers without Redis too: the page says that it is away. */
export const showDashboard = route({
  operationId: 'showDashboard',
  method: 'get',
  path: '/dashboard',
  summary: 'Shows people how the shop stands, on one page.',
  params: {},
  answers: { 200: { description: 'The page.', bytes: ['text/html'] } },
  handler: async (_request, api) => ({
    status: 200,
    body: Buffer.from(await dashboardHtml(await gatherDashboard(api)), 'utf8'),
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Content-Security-Policy': STILL_PAGE },
  }),
});
