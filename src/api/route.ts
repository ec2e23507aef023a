import type { z } from 'zod';
import type { Answer, AnswerAsDeclared, AnswerDeclarations } from './answer.ts';
import type { Api } from './api.ts';
import { demandRedis } from './demandRedis.ts';
import type { ErrorCode } from './errors/statusOfCode.ts';
import { parseBody } from './parseBody.ts';
import { refuseQuery } from './refuseQuery.ts';

/** A request as the web framework hands it on: no headers. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  /** The names of the keys of the query. */
  readonly query: readonly string[];
  /** The parsed JSON body; undefined where none was sent. */
  readonly body: unknown;
}

/** The names of the parameters in a path: `id` and `name` in `/searches/:id/files/:name`. */
type ParamOf<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamOf<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** Everything that is said of one route, once: what express serves and what the OpenAPI document tells both come from it. */
interface RouteDeclaration<
  Path extends string,
  Body extends z.ZodObject,
  Answers extends AnswerDeclarations,
  Status extends keyof Answers & number,
> {
  /** The name of the route for programs: `operationId` of the document. */
  readonly operationId: string;
  readonly method: 'get' | 'post' | 'delete';
  readonly path: Path;
  /** What it does, in a sentence. */
  readonly summary: string;
  /** What each parameter of the path is. */
  readonly params: { readonly [Name in ParamOf<Path>]: string };
  /** What the JSON body is to be; left out where none is read. */
  readonly body?: Body;
  /** Without Redis it answers 503 instead of trying. */
  readonly needsRedis?: boolean;
  readonly answers: Answers;
  /** The codes of its errors, beside those that follow from the guards, the parameters, the body and the need of Redis. */
  readonly refusals?: readonly ErrorCode[];
  /** Answers a request. What it throws becomes an answer in `describeError.ts`. */
  readonly handler: (
    request: {
      readonly params: { readonly [Name in ParamOf<Path>]: string };
      readonly body: z.output<Body>;
    },
    api: Api,
    // `Status` has the compiler read a status as the number that it is, and not as any number.
  ) => Promise<AnswerAsDeclared<Answers> & { readonly status: Status }>;
}

/** A route, whatever its parameters, its body and its answers are. */
export interface Route {
  readonly operationId: string;
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly params: Readonly<Record<string, string>>;
  /** Null where no body is read. */
  readonly body: z.ZodObject | null;
  readonly needsRedis: boolean;
  readonly answers: AnswerDeclarations;
  readonly refusals: readonly ErrorCode[];
  /** Throws RequestInvalidError, in the API also for any key of a query; RedisAwayError; and what the handler of the route throws. */
  readonly answer: (request: ApiRequest, api: Api) => Promise<Answer>;
}

/** Pages and probes are no part of the API: links to them may carry a query that others have added. */
export function isOfApi({ path }: Pick<Route, 'path'>): boolean {
  return path.startsWith('/api/');
}

/** Makes a route of its declaration; the compiler holds the handler against the path, the body and the answers. */
export function route<
  const Path extends string,
  const Answers extends AnswerDeclarations,
  Status extends keyof Answers & number,
  Body extends z.ZodObject = never,
>(declaration: RouteDeclaration<Path, Body, Answers, Status>): Route {
  const { body: schema, needsRedis = false, refusals = [], handler, ...rest } = declaration;
  return {
    ...rest,
    body: schema ?? null,
    needsRedis,
    refusals,
    async answer({ params, query, body }, api) {
      if (isOfApi(rest)) refuseQuery(query);
      if (needsRedis) await demandRedis(api.queues);
      const parsed = schema === undefined ? (undefined as never) : parseBody(schema, body);
      // express has found these names in the path, or it would not have come here.
      return handler({ params: params as { [Name in ParamOf<Path>]: string }, body: parsed }, api);
    },
  };
}
