import type { Api } from './api.ts';

/** A request as a handler sees it: no framework, no headers. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string>>;
  /** The parsed JSON body; undefined where none was sent. */
  readonly body: unknown;
}

/** An answer; the body is sent as JSON, bytes as they are, undefined as no body at all. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one kind of request. What it throws becomes an answer in `describeError.ts`. */
export type Handler = (request: ApiRequest, api: Api) => Promise<Answer>;

/** One line of the table of routes. */
export interface Route {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly purpose: string;
  readonly handler: Handler;
}
