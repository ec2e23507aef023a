import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import type { Answer } from './answer.ts';
import type { Api } from './api.ts';
import { asBoardAnswer } from './board/boardErrors.ts';
import { createBoard } from './board/createBoard.ts';
import { demandRedis } from './demandRedis.ts';
import { BODY_LIMIT, describeError } from './errors/describeError.ts';
import { BodyNotJsonError, MethodNotAllowedError, RouteUnknownError } from './errors/errors.ts';
import { logIfOwnFault } from './errors/logIfOwnFault.ts';
import { hostGuard } from './guards/hostGuard.ts';
import { keyGuard } from './guards/keyGuard.ts';
import { originGuard } from './guards/originGuard.ts';
import { securityHeaders } from './guards/securityHeaders.ts';
import { methodsAt } from './methodsAt.ts';
import { requestLog } from './requestLog.ts';
import type { Route } from './route.ts';
import { ROUTES } from './routes.ts';

const BOARD = '/queues';
const BOARD_API = `${BOARD}/api`;

/** Who may ask. */
export interface Access {
  /** The address that the server is bound to. */
  readonly boundHost: string;
  /** The key that every request must carry; null for none, which is for loopback only. */
  readonly key: string | null;
}

/** The web framework's side of the API: guards, the table of routes, the board, and what is done with errors. */
export function createApp(api: Api, access: Access): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  // As the document has them, and as the guards and the board compare them.
  app.enable('case sensitive routing');
  app.use(requestLog(api.log), securityHeaders(BOARD));
  app.use(access.key === null ? hostGuard(access.boundHost) : keyGuard(access.key), originGuard());
  for (const route of ROUTES) mount(app, route, api);
  app.use(BOARD_API, (_request, _response, next) => demandRedis(api.queues).then(() => next(), next));
  app.use(BOARD, createBoard(api, BOARD));
  app.use(({ method, path }, _response, next) => {
    const allowed = methodsAt(path);
    const known = ROUTES.map((route) => `${route.method.toUpperCase()} ${route.path}`);
    next(
      allowed.length > 0
        ? new MethodNotAllowedError(method, path, allowed)
        : new RouteUnknownError(method, path, known),
    );
  });
  app.use(answerError(api));
  return app;
}

function mount(app: Express, { method, path, body, answer }: Route, api: Api): void {
  const json = express.json({ limit: BODY_LIMIT, strict: false });
  const readBody: RequestHandler[] = body === null ? [] : [refuseOtherThanJson, json];
  app[method](path, ...readBody, async (request: Request, response: Response) => {
    const params = request.params as Record<string, string>;
    const query = Object.keys(request.query);
    send(response, await answer({ params, query, body: request.body }, api));
  });
}

/** A body that express would skip must not be taken for none. */
const refuseOtherThanJson: RequestHandler = (request, _response, next) => {
  const {
    'content-type': contentType,
    'content-length': length,
    'transfer-encoding': encoding,
  } = request.headers;
  const hasBody = encoding !== undefined || (length !== undefined && length !== '0');
  next(hasBody && !request.is('application/json') ? new BodyNotJsonError(contentType) : undefined);
};

/** With `end`: express's own `send` answers a condition of the request with 304, and no answer of this server is kept. */
function send(response: Response, { status, body, headers = {} }: Answer): void {
  response.status(status).set(headers);
  if (body === undefined || Buffer.isBuffer(body)) response.end(body);
  else response.type('json').end(JSON.stringify(body));
}

/** Express knows an error handler by its four parameters. */
function answerError({ log, home }: Api): ErrorRequestHandler {
  return (error, request, response, next) => {
    const answer = describeError(error, home);
    logIfOwnFault(log, error, answer);
    if (response.headersSent) return next(error);
    response.locals.code = answer.body.error.code;
    send(response, request.path.startsWith(`${BOARD_API}/`) ? asBoardAnswer(answer) : answer);
  };
}
