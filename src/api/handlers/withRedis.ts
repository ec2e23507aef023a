import { demandRedis } from '../demandRedis.ts';
import type { Handler } from '../route.ts';

/** For routes that need Redis: without it they answer 503 instead of trying. */
export function withRedis(handler: Handler): Handler {
  return async (request, api) => {
    await demandRedis(api.queues);
    return handler(request, api);
  };
}
