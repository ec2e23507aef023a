import { route } from '../route.ts';

/** Whoever types the server's address into a browser finds the board. */
export const goToBoard = route({
  operationId: 'goToBoard',
  method: 'get',
  path: '/',
  summary: 'Leads to the board.',
  params: {},
  answers: { 302: { description: 'The board is elsewhere.', headers: { Location: 'Where the board is.' } } },
  handler: async () => ({ status: 302, headers: { Location: '/queues' } }),
});
