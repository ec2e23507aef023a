import { execFileSync } from 'node:child_process';
import { ensureRedisBinary } from '../src/redis/ensureRedisBinary.ts';

/**
 * Threads and spawned commands run the compiled program, so every test run starts by compiling what changed; and the
 * tests run against a real Redis server, so there has to be one.
 */
export default async function prepareTests(): Promise<void> {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  });
  await ensureRedisBinary({ mayInstall: true, log: console.log });
}
