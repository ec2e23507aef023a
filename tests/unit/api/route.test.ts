import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Api } from '../../../src/api/api.ts';
import { route } from '../../../src/api/route.ts';

const api = {} as Api;
const declared = {
  operationId: 'greet',
  method: 'post',
  path: '/greetings/:name',
  summary: 'Greets.',
  params: { name: 'Whom.' },
  body: z.strictObject({ word: z.string().default('Hello') }),
  answers: {
    200: { description: 'Said.', body: z.strictObject({ says: z.string() }) },
    202: { description: 'Later.', headers: { Location: 'Where.' } },
  },
} as const;

test('a route hands its parameters and its parsed body to its handler', async () => {
  const greet = route({
    ...declared,
    handler: async ({ params, body }) => ({
      status: 200,
      body: { says: `${body.word}, ${params.name}` },
    }),
  });
  const [params, query] = [{ name: 'Ada' }, []];
  expect(await greet.answer({ params, query, body: undefined }, api)).toMatchObject({
    body: { says: 'Hello, Ada' },
  });
  expect(await greet.answer({ params, query, body: { word: 'Bye' } }, api)).toMatchObject({
    body: { says: 'Bye, Ada' },
  });
  await expect(greet.answer({ params, query, body: { word: 1 } }, api)).rejects.toMatchObject({
    code: 'REQUEST_INVALID',
  });
});

test('a handler does not compile that answers otherwise than its route declares', () => {
  const wrong = [
    // @ts-expect-error a status that is not declared
    route({ ...declared, handler: async () => ({ status: 201, body: { says: '' } }) }),
    // @ts-expect-error a body of another shape
    route({ ...declared, handler: async () => ({ status: 200, body: { says: 1 } }) }),
    // @ts-expect-error a header that is missing
    route({ ...declared, handler: async () => ({ status: 202 }) }),
    // @ts-expect-error a parameter that is not in the path
    route({ ...declared, handler: async ({ params }) => ({ status: 200, body: { says: params.id } }) }),
    // @ts-expect-error a parameter that is not described
    route({ ...declared, params: {}, handler: async () => ({ status: 200, body: { says: '' } }) }),
    // @ts-expect-error a code that no status belongs to
    route({ ...declared, refusals: ['NO'], handler: async () => ({ status: 200, body: { says: '' } }) }),
  ];
  expect(wrong).toHaveLength(6);
});
