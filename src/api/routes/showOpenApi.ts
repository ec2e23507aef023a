import { programVersion } from '../../registry/programVersions.ts';
import { type OpenApiDocument, openApiDocument, openApiDocumentSchema } from '../openapi/openApiDocument.ts';
import { type Route, route } from '../route.ts';

/** Describes `others` and itself to programs. */
export function showOpenApi(others: readonly Route[]): Route {
  let document: OpenApiDocument | undefined;
  const itself: Route = route({
    operationId: 'showOpenApi',
    method: 'get',
    path: '/openapi.json',
    summary: 'Describes this API as an OpenAPI 3.1 document.',
    params: {},
    answers: { 200: { description: 'The document.', body: openApiDocumentSchema } },
    async handler() {
      // Made when somebody asks for it, and once: it takes longer than other answers, and does not change.
      document ??= openApiDocument([...others, itself], await programVersion());
      return { status: 200, body: document };
    },
  });
  return itself;
}
