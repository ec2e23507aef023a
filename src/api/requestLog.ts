import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

/** One line a request, when it is over: no query, no headers, no bodies, since keys travel in those. */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.once('close', () => {
      log.info(
        {
          method: request.method,
          path: request.originalUrl.split('?', 1)[0],
          status: response.statusCode,
          ms: Math.round(performance.now() - startedAt),
          ...(response.locals.code ? { code: response.locals.code } : {}),
          // The client went away before the answer was out.
          ...(response.writableFinished ? {} : { isAborted: true }),
        },
        'request',
      );
    });
    next();
  };
}
