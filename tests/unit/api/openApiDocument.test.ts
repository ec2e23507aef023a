import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Router } from 'express';
import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Api } from '../../../src/api/api.ts';
import { createApp } from '../../../src/api/createApp.ts';
import { openApiDocument } from '../../../src/api/openapi/openApiDocument.ts';
import { refusalsOf } from '../../../src/api/openapi/refusalsOf.ts';
import { SchemaGatherer } from '../../../src/api/openapi/schemaGatherer.ts';
import { ROUTES } from '../../../src/api/routes.ts';

const document = openApiDocument(ROUTES, '1.2.3');

/** `GET /api/jobs/{id}`, of what express has mounted beside the board. */
function served(): string[] {
  const nothing = { queues: { byName: {} }, log: pino({ level: 'silent' }) } as unknown as Api;
  const { router } = createApp(nothing, { boundHost: '127.0.0.1', key: null }) as unknown as {
    readonly router: Router;
  };
  return router.stack.flatMap(({ route }) =>
    route === undefined
      ? []
      : route.stack.map(({ method }) => `${method.toUpperCase()} ${String(route.path)}`),
  );
}

function described(): string[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

describe('the OpenAPI document', () => {
  test('describes every route that express serves, and no other', () => {
    const asTemplate = (route: string) => route.replace(/:(\w+)/g, '{$1}');
    // A route that reads a body has a handler for that before its own.
    const mounted = [...new Set(served().map(asTemplate))];
    expect(mounted).toContain('GET /openapi.json');
    expect(mounted.sort()).toEqual(described().sort());
  });

  test('is valid OpenAPI 3.1, and all of its references lead somewhere', async () => {
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
    expect(document.openapi).toBe('3.1.0');
  });

  test('has schemas that are valid JSON Schema', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const schemas = schemasIn(document);
    expect(schemas.length).toBeGreaterThan(100);
    for (const schema of schemas) expect(ajv.validateSchema(schema), JSON.stringify(schema)).toBe(true);
  });

  test('names every operation once', () => {
    const ids = ROUTES.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('declares exactly the parameters that stand in a path', () => {
    for (const [path, operations] of Object.entries(document.paths)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      for (const { parameters = [] } of Object.values(operations)) {
        const declared = (parameters as { name: string }[]).map(({ name }) => name);
        expect(declared, path).toEqual(inPath);
      }
    }
  });

  test('takes the body of a request from the schema that the route checks it with', () => {
    const startRun = ROUTES.find(({ operationId }) => operationId === 'startRun');
    expect(document.paths['/api/score-runs'].post.requestBody).toEqual({
      required: false,
      content: { 'application/json': { schema: new SchemaGatherer().add(startRun!.body!, 'input') } },
    });
    expect(document.paths['/api/models/{id}/approval'].post.requestBody).toMatchObject({
      required: true,
      content: { 'application/json': { schema: { required: ['decision', 'approver', 'note'] } } },
    });
  });

  test('names the codes of a refusal by status', () => {
    expect(document.paths['/api/score-runs'].post).toHaveProperty(
      ['responses', '409', 'content', 'application/json', 'schema', 'allOf', 1],
      {
        type: 'object',
        properties: {
          error: {
            type: 'object',
            properties: {
              code: {
                type: 'string',
                enum: [
                  'RUN_BUSY',
                  'CHAMPION_MISSING',
                  'CHAMPION_CARD_MISSING',
                  'CHAMPION_CARD_CHANGED',
                  'HISTORY_EMPTY',
                  'ORDERS_STALE',
                  'REGISTRY_BUSY',
                ],
              },
            },
          },
        },
      },
    );
  });

  test('has no status that is an answer and a refusal at once', () => {
    for (const route of ROUTES) {
      const refused = [...refusalsOf(route).keys(), 500].map(String);
      expect(
        Object.keys(route.answers).filter((status) => refused.includes(status)),
        route.path,
      ).toEqual([]);
    }
  });
});

test('two schemas that differ cannot have one name in the document', () => {
  const schemas = new SchemaGatherer();
  schemas.add(z.object({ a: z.string() }).meta({ id: 'Thing' }), 'output');
  schemas.add(z.object({ a: z.string() }).meta({ id: 'Thing' }), 'output');
  expect(() => schemas.add(z.object({ a: z.number() }).meta({ id: 'Thing' }), 'output')).toThrow(
    'Two schemas that differ have the id Thing.',
  );
});

/** Everything that stands where a schema is expected. */
function schemasIn(part: unknown): object[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) => {
    if (key === 'schema') return [value];
    return key === 'schemas' ? Object.values(value) : schemasIn(value);
  });
}
