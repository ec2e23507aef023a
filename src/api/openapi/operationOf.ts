import type { z } from 'zod';
import type { AnswerDeclaration } from '../answer.ts';
import { errorBodySchema } from '../errors/errorBody.ts';
import type { ErrorCode } from '../errors/statusOfCode.ts';
import type { Route } from '../route.ts';
import { refusalsOf } from './refusalsOf.ts';
import type { SchemaGatherer } from './schemaGatherer.ts';

const JSON_TYPE = 'application/json';
const TEXT = { type: 'string' };

/** What refusals of one status have in common. */
const WHY: Readonly<Record<number, string>> = {
  400: 'The request cannot be used.',
  401: 'The request does not carry the key of this server.',
  403: 'Whoever asks may not do that.',
  404: 'There is no such thing.',
  409: 'As things stand it cannot be done.',
  413: 'The body is too long.',
  415: 'The body is not JSON.',
  503: 'Redis does not answer, or takes no writes.',
};

/** The headers of refusals, by status; what each is for. */
const HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  401: { 'WWW-Authenticate': 'How the key may be sent.' },
  503: { 'Retry-After': 'Seconds to wait before the next try.' },
};

/** The Operation Object of a route. */
export function operationOf(route: Route, schemas: SchemaGatherer): object {
  const { operationId, path, summary, params, body, answers } = route;
  return {
    operationId,
    tags: [tagOf(path)],
    summary,
    ...(Object.keys(params).length === 0 ? {} : { parameters: parametersOf(params) }),
    ...(body === null ? {} : { requestBody: requestBodyOf(body, schemas) }),
    responses: {
      ...Object.fromEntries(
        Object.entries(answers).map(([status, answer]) => [status, responseOf(answer, schemas)]),
      ),
      ...Object.fromEntries(
        [...refusalsOf(route)].map(([status, codes]) => [status, refusalOf(status, codes, schemas)]),
      ),
      500: {
        description:
          'The server cannot do its work: its config cannot be used, one of its records is damaged or cannot be written, or something was not foreseen. The code and the message say what, or its log.',
        content: jsonContent(schemas.add(errorBodySchema, 'output')),
      },
    },
  };
}

/** `grid-searches` for `/api/grid-searches/:id`; `server` for what is not under `/api`. */
function tagOf(path: string): string {
  return /^\/api\/([^/]+)/.exec(path)?.[1] ?? 'server';
}

function parametersOf(params: Route['params']): object[] {
  return Object.entries(params).map(([name, description]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: TEXT,
  }));
}

function requestBodyOf(body: z.ZodObject, schemas: SchemaGatherer): object {
  // None at all counts as an empty one.
  const isRequired = !body.safeParse({}).success;
  return { required: isRequired, content: jsonContent(schemas.add(body, 'input')) };
}

function responseOf({ description, body, bytes, headers }: AnswerDeclaration, schemas: SchemaGatherer) {
  const content =
    body === undefined
      ? Object.fromEntries((bytes ?? []).map((type) => [type, contentOf(type)]))
      : jsonContent(schemas.add(body, 'output'));
  return {
    description,
    ...(headers === undefined ? {} : { headers: headersOf(headers) }),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
}

/** OpenAPI 3.1 has no schema for bytes that are no text. */
function contentOf(mediaType: string): object {
  return mediaType.startsWith('text/') ? { schema: TEXT } : {};
}

function refusalOf(status: number, codes: readonly ErrorCode[], schemas: SchemaGatherer) {
  const code = { type: 'object', properties: { code: { type: 'string', enum: codes } } };
  return {
    description: WHY[status],
    ...(HEADERS[status] === undefined ? {} : { headers: headersOf(HEADERS[status]) }),
    content: jsonContent({
      allOf: [schemas.add(errorBodySchema, 'output'), { type: 'object', properties: { error: code } }],
    }),
  };
}

function jsonContent(schema: object) {
  return { [JSON_TYPE]: { schema } };
}

function headersOf(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, required: true, schema: TEXT },
    ]),
  );
}
