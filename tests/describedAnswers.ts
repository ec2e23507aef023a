import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApiDocument } from '../src/api/openapi/openApiDocument.ts';
import { ROUTES } from '../src/api/routes.ts';

/** An answer of the server, as far as the OpenAPI document speaks of it. */
export interface GivenAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

interface Operation {
  readonly responses: Readonly<Record<string, Response>>;
}
interface Response {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, { readonly schema?: object }>>;
}

const document = openApiDocument(ROUTES, '0.0.0') as ReturnType<typeof openApiDocument> & {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};
const templates = Object.keys(document.paths).map((template) => ({
  template,
  pattern: new RegExp(`^${template.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}/?$`),
}));

const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
const compiled = new Map<object, ValidateFunction>();

/**
 * Throws an Error where an answer is not what the OpenAPI document says of it: its status, its headers, its type, its
 * body. Where the document is silent there is nothing but errors, and the board.
 */
export function demandDescribed(method: string, path: string, answer: GivenAnswer): void {
  // An address without a path is that of `/`.
  const bare = path.split('?', 1)[0] || '/';
  if (bare === '/queues' || bare.startsWith('/queues/')) return;
  const where = `${method} ${bare} answered ${answer.status}`;
  const operation = operationAt(method, bare);
  if (operation === undefined) {
    if (answer.status < 400) throw new Error(`${where}, and the OpenAPI document does not know the route.`);
    if (method !== 'HEAD') demandValid(document.components.schemas.Error, answer.text, where);
    return;
  }
  const response = operation.responses[answer.status];
  if (response === undefined) throw new Error(`${where}, which the OpenAPI document does not know.`);
  for (const name of Object.keys(response.headers ?? {}))
    if (answer.headers[name.toLowerCase()] === undefined)
      throw new Error(`${where} without the header ${name}.`);
  if (method !== 'HEAD') demandContent(response, answer, where);
}

function operationAt(method: string, path: string): Operation | undefined {
  const found = templates.find(({ pattern }) => pattern.test(path));
  // express answers HEAD as it does GET.
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
  return found === undefined ? undefined : document.paths[found.template][verb];
}

function demandContent({ content }: Response, { headers, text }: GivenAnswer, where: string): void {
  if (content === undefined) {
    if (text !== '') throw new Error(`${where} with a body, and the OpenAPI document knows none.`);
    return;
  }
  const [type] = String(headers['content-type']).split(';', 1);
  const described = content[type];
  if (described === undefined)
    throw new Error(`${where} with ${type}; the OpenAPI document knows ${Object.keys(content)}.`);
  if (type === 'application/json') demandValid(described.schema as object, text, where);
}

function demandValid(schema: object, text: string, where: string): void {
  const isValid = compiled.get(schema) ?? ajv.compile({ ...schema, components: document.components });
  compiled.set(schema, isValid);
  if (!isValid(JSON.parse(text)))
    throw new Error(`${where} otherwise than described: ${ajv.errorsText(isValid.errors)}. It was: ${text}`);
}
