import { expect, test } from 'vitest';
import { openApiDocument } from '../../src/api/openapi/openApiDocument.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { programVersion } from '../../src/registry/programVersions.ts';
import { startTestServer } from '../apiServer.ts';

test('GET /openapi.json serves the document of the API, with the version of the program, also without Redis', async () => {
  const server = await startTestServer();
  try {
    const document = openApiDocument(ROUTES, await programVersion());
    const first = await server.ask('/openapi.json');
    expect([first.status, first.headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(first.json).toEqual(JSON.parse(JSON.stringify(document)));
    await server.crashRedis();
    expect((await server.ask('/openapi.json')).text).toBe(first.text);
  } finally {
    await server.close();
  }
});
