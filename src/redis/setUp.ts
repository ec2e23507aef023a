#!/usr/bin/env node
import { ClvError } from '../domain/errors.ts';
import { ensureRedisBinary } from './ensureRedisBinary.ts';

/**
 * The last step of `npm ci`: makes sure that a Redis server can be started, and says what it found or did.
 * It never makes the installation fail; the command that needs a server says again what is missing.
 */
async function setUp(): Promise<void> {
  if (process.env.REDIS_URL) {
    console.log('Redis: REDIS_URL is set, nothing to set up.');
    return;
  }
  try {
    const { path, version } = await ensureRedisBinary({
      mayInstall: true,
      log: (line) => console.log(line),
    });
    console.log(`${version.product} ${version.number}: ${path}`);
  } catch (error) {
    console.log(
      error instanceof ClvError ? error.toSentences() : `Redis could not be set up: ${String(error)}`,
    );
  }
}

await setUp();
