import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import type { Express } from 'express';
import type { Api } from '../api.ts';
import { refuseUnlessAllowed } from './boardActions.ts';
import { answerBoardError } from './boardErrors.ts';

/** bull-board over all queues, as an app to be mounted at `path`. */
export function createBoard(api: Api, path: string): Express {
  const adapter = new ExpressAdapter();
  adapter.setBasePath(path);
  createBullBoard({
    queues: Object.values(api.queues.byName).map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: {
      handlerHooks: { before: refuseUnlessAllowed(api.queues) },
      uiConfig: {
        boardTitle: 'CLV Horizon',
        hideDocsLink: true,
        miscLinks: [{ text: 'Dashboard', url: '/dashboard' }],
      },
    },
  });
  // bull-board sets a handler of its own, which knows no 503 and gives the words of any error away.
  adapter.setErrorHandler(
    (error) => answerBoardError(error, api) as ReturnType<Parameters<typeof adapter.setErrorHandler>[0]>,
  );
  const app = adapter.getRouter() as Express;
  // An app of its own, which does not take this setting over from the one it is mounted in.
  app.disable('x-powered-by');
  return app;
}
