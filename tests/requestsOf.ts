import fc from 'fast-check';

/** A request, and what was done to it on purpose. */
export interface MadeRequest {
  readonly method: string;
  /** As it is sent: percent-encoded, or damaged on purpose. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An operation of an OpenAPI document, as far as requests are made of it. */
export interface Operation {
  readonly method: string;
  /** `/api/jobs/{id}` */
  readonly template: string;
  /** Null where no body is read. */
  readonly body: JsonSchema | null;
}

/** `{ models: ['clv_model_20260101_000000'] }` */
export type KnownIds = Readonly<Record<string, readonly string[]>>;

export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

type Document = {
  readonly paths: Readonly<
    Record<
      string,
      Readonly<
        Record<
          string,
          { readonly requestBody?: { readonly content: Readonly<Record<string, { schema: JsonSchema }>> } }
        >
      >
    >
  >;
};

/** Every operation that a document declares. */
export function operationsIn(document: unknown): Operation[] {
  return Object.entries((document as Document).paths).flatMap(([template, operations]) =>
    Object.entries(operations).map(([verb, { requestBody }]) => ({
      method: verb.toUpperCase(),
      template,
      body: requestBody?.content['application/json'].schema ?? null,
    })),
  );
}

/**
 * Requests for an operation: as declared, and with one or more things wrong that strangers and attackers send.
 *
 * @param ids what a parameter may be so that something is found, by the part of the path before it.
 */
export function requestsOf({ method, template, body }: Operation, ids: KnownIds): fc.Arbitrary<MadeRequest> {
  return fc
    .record({
      method: mostly(
        fc.constant(method),
        fc.constantFrom('PUT', 'PATCH', 'DELETE', 'POST', 'GET', 'HEAD', 'OPTIONS'),
      ),
      path: mostly(
        pathsOf(template, ids),
        fc.oneof(
          pathsOf(template, ids).chain(disfigured),
          fc.tuple(pathsOf(template, ids), fc.constantFrom(...QUERIES)).map(([path, query]) => path + query),
        ),
      ),
      headers: mostly(fc.constant({}), fc.constantFrom(...HEADERS)),
      // A route that reads no body is sent one as well.
      content: mostly(
        body === null ? fc.constant(undefined) : jsonTexts(body),
        fc.oneof(jsonTexts(body ?? {}), badTexts),
      ),
      type: mostly(fc.constant('application/json'), fc.constantFrom(...TYPES)),
    })
    .map(({ method, path, headers, content, type }) => ({
      method,
      path,
      headers: { ...(content === undefined ? {} : { 'Content-Type': type }), ...headers },
      ...(content === undefined ? {} : { body: content }),
    }));
}

/** Three of four times what is right: with something wrong everywhere no request would come past the first check. */
function mostly<T>(right: fc.Arbitrary<T>, wrong: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 3, arbitrary: right }, { weight: 1, arbitrary: wrong });
}

const QUERIES = [
  '?id=1&id=2',
  '?id[]=1&id[a][b]=2',
  '?',
  '?%',
  '?__proto__[x]=1',
  '?cutoff=2026-01-01',
  '?%00=%ff',
  `?${'a=b&'.repeat(500)}`,
];
const HEADERS: readonly Readonly<Record<string, string>>[] = [
  { Accept: 'text/html' },
  { Accept: 'nonsense' },
  { 'X-HTTP-Method-Override': 'DELETE' },
  { 'Content-Encoding': 'gzip' },
  { 'Content-Encoding': 'rot13' },
  { Range: 'bytes=5-1' },
  { 'If-None-Match': '*' },
  { Expect: 'something' },
];
const TYPES = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json; charset=klingon',
  'application/vnd.api+json',
  'application/json;;;',
  '',
];

/** Parts of a path that are no id of anything, as they are sent. */
const STRANGE_PARTS = [
  '..%2F..%2F..%2Fetc%2Fpasswd',
  '..',
  '.',
  '%2e%2e',
  '..%5c..%5cconfig',
  '%2Fetc%2Fpasswd',
  'a%2Fb',
  '%00',
  'x%00.json',
  '%0d%0aSet-Cookie:%20x=1',
  '%',
  '%ff',
  '%E0%A4%A',
  '%F0%9F%9B%92',
  'K%C3%A4ufer',
  '__proto__',
  'constructor',
  'toString',
  'meta',
  'wait',
  'id',
  '*',
  '%27%20OR%201=1--',
  '$%7B7*7%7D',
  '%3Cscript%3E',
  '-1',
  '0',
  'null',
  'a'.repeat(300),
  'a'.repeat(5000),
];

function pathsOf(template: string, ids: KnownIds): fc.Arbitrary<string> {
  const parts = template.split('/');
  const sent = parts.map((part, i) =>
    part.startsWith('{') ? partsOf(ids[parts[i - 1]] ?? []) : fc.constant(part),
  );
  return fc.tuple(...sent).map((it) => it.join('/'));
}

function partsOf(ids: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...ids.map(encodeURIComponent)) },
    { weight: 2, arbitrary: fc.constantFrom(...STRANGE_PARTS) },
    { weight: 1, arbitrary: fc.string({ minLength: 1, unit: 'grapheme' }).map(encodeURIComponent) },
  );
}

/** The path as it might be mistyped. */
function disfigured(path: string): fc.Arbitrary<string> {
  return fc.constantFrom(
    `${path}/`,
    `${path}//`,
    `/${path}`,
    path.toUpperCase(),
    path.replace(/.$/, ''),
    path.replaceAll('/', '%2F').replace('%2F', '/'),
    `${path}/..`,
    `/.${path}`,
    `${path};v=1`,
    `${path}.json`,
    `${path}%20`,
  );
}

/** JSON that a schema allows, and JSON that was so before something in it was changed. */
function jsonTexts(schema: JsonSchema): fc.Arbitrary<string> {
  return mostly(valuesOf(schema), valuesOf(schema).chain(damaged)).map((value) => JSON.stringify(value));
}

const strangeValues = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  '',
  ' ',
  'x',
  '\u0000',
  '💶',
  [],
  [[]],
  {},
  { a: {} },
  '9'.repeat(400),
);

/** A key left out, one more, or one that is something else; the whole as something else. */
function damaged(value: unknown): fc.Arbitrary<unknown> {
  if (typeof value !== 'object' || value === null) return strangeValues;
  const keys = Object.keys(value);
  const key = keys.length === 0 ? fc.constant('decision') : fc.constantFrom(...keys);
  return fc.oneof(
    strangeValues,
    key.map((it) => Object.fromEntries(Object.entries(value).filter(([name]) => name !== it))),
    fc.constantFrom('cuttof', 'constructor', 'toString', '').map((it) => ({ ...value, [it]: 1 })),
    fc.tuple(key, strangeValues).map(([it, strange]) => ({ ...value, [it]: strange })),
  );
}

/** Values that a schema allows; of the schemas that this API has. */
function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
  if (Array.isArray(schema.type))
    return fc.oneof(...schema.type.map((type) => valuesOf({ ...schema, type })));
  switch (schema.type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -5, max: schema.maximum ?? 5_000 });
    case 'number':
      return fc.oneof(
        fc.constant(0.5),
        fc.double({
          min: schema.exclusiveMinimum ?? -1,
          max: schema.maximum ?? 1,
          noNaN: true,
          minExcluded: true,
        }),
      );
    case 'string':
      return schema.format === 'date'
        ? fc.constantFrom('2026-01-01', '1900-02-28', '2024-02-29', '9999-12-31')
        : textsOf(schema);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case 'object': {
      const { properties = {}, required = [] } = schema;
      const values = Object.fromEntries(Object.entries(properties).map(([name, it]) => [name, valuesOf(it)]));
      return fc.record(values, { requiredKeys: [...required] });
    }
    default:
      return strangeValues;
  }
}

function textsOf({ minLength = 0 }: JsonSchema): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('Ada', 'why not', '../../../etc/passwd', '/etc/passwd', 'Zoë 💶\n=1+1'),
    fc.string({ minLength, maxLength: 40, unit: 'binary' }),
  );
}

/** What is no JSON, or more of it than anybody needs. */
const badTexts = fc.constantFrom(
  '{',
  '{"cutoff": ',
  "{'cutoff': 1}",
  'cutoff=2026-01-01',
  '',
  'null',
  '[]',
  '"x"',
  '1',
  'NaN',
  '\ufeff{}',
  '{"__proto__": {"decision": "approve"}}',
  '{"decision": "approve", "decision": "reject"}',
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"note": "${'x'.repeat(150_000)}"}`,
);
