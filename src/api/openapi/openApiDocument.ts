import { z } from 'zod';
import type { Route } from '../route.ts';
import { operationOf } from './operationOf.ts';
import { SchemaGatherer } from './schemaGatherer.ts';

/** An OpenAPI document, as far as it says of itself what it is. */
export const openApiDocumentSchema = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({}))),
});
/** An OpenAPI 3.1 document, as far as the program fills it. */
export type OpenApiDocument = z.infer<typeof openApiDocumentSchema>;

/** The OpenAPI 3.1 document of the routes. @param version that of the program. */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const schemas = new SchemaGatherer();
  const paths: Record<string, Record<string, { readonly [key: string]: unknown }>> = {};
  for (const route of routes) {
    const path = templateOf(route.path);
    paths[path] = { ...paths[path], [route.method]: { ...operationOf(route, schemas) } };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'CLV Horizon',
      version,
      summary: 'Queues work and tells about it; workers do it.',
      description:
        'An error is told as JSON with a code to rely on. An address that is not in this document is answered with 404, ROUTE_UNKNOWN, and one that is in it for other methods only with 405, METHOD_NOT_ALLOWED. A slash at the end of an address makes no difference; no address under /api has a query, and one that is sent is refused with 400, REQUEST_INVALID. The board for people, under /queues, is no part of it.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'The server that sent this document.' }],
    // A server on loopback may have no key; then it asks for none.
    security: [{ bearer: [] }, { basic: [] }, {}],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The key of the server (CLV_API_KEY).' },
        basic: {
          type: 'http',
          scheme: 'basic',
          description: 'Any user name, and the key as the password, which browsers can send.',
        },
      },
      schemas: schemas.named,
    },
  };
}

/** `/api/jobs/{id}` for express's `/api/jobs/:id`. */
function templateOf(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}
