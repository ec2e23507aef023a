import { createRequire } from 'node:module';
import pino from 'pino';
import { expect, test } from 'vitest';
import { warmUp } from '../../src/api/dashboard/warmUp.ts';

test('a process that serves loads what only the dashboard needs before its first reader comes', async () => {
  const loaded = (library: string) =>
    Object.keys(createRequire(import.meta.url).cache).filter((path) =>
      path.includes(`/node_modules/${library}/`),
    );
  expect([...loaded('echarts'), ...loaded('@duckdb')]).toEqual([]);
  const lines: string[] = [];
  await warmUp(pino({ level: 'debug' }, { write: (line: string) => lines.push(line) }));
  expect(lines).toEqual([]);
  expect(loaded('echarts')).not.toEqual([]);
  expect(loaded('@duckdb')).not.toEqual([]);
});
