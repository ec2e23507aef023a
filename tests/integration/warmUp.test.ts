import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** A process of its own, since other tests load these libraries into this one. */
const PROGRAM = `
import { createRequire } from 'node:module';
import pino from 'pino';
import { warmUp } from './dist/src/api/dashboard/warmUp.js';

const loaded = () =>
  ['echarts', '@duckdb'].filter((library) =>
    Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/node_modules/' + library + '/')),
  );
const before = loaded();
const lines = [];
await warmUp(pino({ level: 'debug' }, { write: (line) => lines.push(line) }));
console.log(JSON.stringify({ before, lines, after: loaded() }));
`;

test('a process that serves loads what only the dashboard needs before its first reader comes', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM]);
  expect(JSON.parse(stdout)).toEqual({ before: [], lines: [], after: ['echarts', '@duckdb'] });
});
