import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdingLock } from '../../src/locks/folderLock.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clv-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const LOCK_MODULE = JSON.stringify(resolve('dist/src/locks/folderLock.js'));

function startProgram(source: string) {
  return spawn(process.execPath, ['--input-type=module', '--eval', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

describe('the lock on a folder', () => {
  it('lets one in at a time, across processes', async () => {
    const counter = join(folder, 'counter.txt');
    const locks = join(folder, 'locks');
    writeFileSync(counter, '0');
    // Reading, yielding and writing loses counts unless one does it at a time.
    const program = `
      import { holdingLock } from ${LOCK_MODULE};
      import { readFileSync, writeFileSync } from 'node:fs';
      for (let turn = 0; turn < 25; turn++) {
        await holdingLock(${JSON.stringify(locks)}, 60_000, async () => {
          const count = Number(readFileSync(${JSON.stringify(counter)}, 'utf8'));
          await new Promise(setImmediate);
          writeFileSync(${JSON.stringify(counter)}, String(count + 1));
        });
      }`;
    const ends = await Promise.all([1, 2, 3, 4].map(() => once(startProgram(program), 'exit')));
    expect(ends).toEqual(Array(4).fill([0, null]));
    expect(readFileSync(counter, 'utf8')).toBe('100');
  });

  it('passes from a holder that was killed to the next one', async () => {
    const holder = startProgram(`
      import { holdingLock } from ${LOCK_MODULE};
      await holdingLock(${JSON.stringify(folder)}, 1_000, async () => {
        console.log('inside');
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      });`);
    await once(holder.stdout!, 'data');
    const blocked = await holdingLock(folder, 100, async () => {}).catch((error) => error);
    expect(blocked.code).toBe('LOCK_HELD');
    expect(blocked.message).toContain(`Process ${holder.pid}`);

    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(await holdingLock(folder, 1_000, async () => 'mine')).toBe('mine');
  });

  it('of a process in another container, which cannot be asked for, counts while it is young', async () => {
    const ticket = join(folder, '1');
    writeFileSync(ticket, JSON.stringify({ pid: process.pid, startedAt: '1', host: 'other pid:[1]' }));
    const blocked = await holdingLock(folder, 100, async () => {}).catch((error) => error);
    expect(blocked.message).toContain(`Process ${process.pid} of another machine or container`);
    expect(blocked.remedy).toBe('Wait for it and try again.');
    const before = Date.now() / 1000 - 10;
    utimesSync(ticket, before, before);
    expect(await holdingLock(folder, 1_000, async () => 'mine')).toBe('mine');
  });

  it('is renewed while it is held, so that it does not lapse for those in other containers', async () => {
    const ticket = join(folder, '1');
    const before = Date.now() / 1000 - 10;
    await holdingLock(folder, 1_000, async () => {
      utimesSync(ticket, before, before);
      await expect
        .poll(() => statSync(ticket).mtimeMs / 1000, { timeout: 10_000 })
        .toBeGreaterThan(before + 5);
    });
    expect(readFileSync(ticket, 'utf8')).toBe('');
  });

  it('is not free because its ticket cannot be read', async () => {
    const ticket = join(folder, '1');
    writeFileSync(ticket, 'cut sh');
    const blocked = await holdingLock(folder, 100, async () => {}).catch((error) => error);
    expect(blocked).toMatchObject({
      code: 'LOCK_HELD',
      message: expect.stringMatching(/^A process whose ticket cannot be read has held the lock/),
      remedy: 'Wait for it and try again.',
    });
    const before = Date.now() / 1000 - 10;
    utimesSync(ticket, before, before);
    expect(await holdingLock(folder, 1_000, async () => 'mine')).toBe('mine');
  });

  it('is not free because nobody, not even an all-powerful user, can open its ticket', async () => {
    mkdirSync(join(folder, '1'));
    writeFileSync(join(folder, '1', 'something'), '');
    const blocked = await holdingLock(folder, 100, async () => {}).catch((error) => error);
    expect(blocked.code).toBe('LOCK_HELD');
  });

  it('that cannot be written says so in a sentence, and no work is done', async () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    let isDone = false;
    const failure = await holdingLock(`${file}/lock`, 1_000, async () => {
      isDone = true;
    }).catch((error) => error);
    expect(failure).toMatchObject({
      code: 'FILE_WRITE_FAILED',
      message: expect.stringContaining(`${file}/lock could not be written: ENOTDIR`),
    });
    expect(isDone).toBe(false);
  });

  it('is given back when the work fails', async () => {
    const failure = await holdingLock(folder, 1_000, async () => {
      throw new Error('broken');
    }).catch((error) => error);
    expect(failure.message).toBe('broken');
    expect(await holdingLock(folder, 1_000, async () => 'mine')).toBe('mine');
  });

  it('leaves one small file, however often it was taken', async () => {
    for (let turn = 0; turn < 20; turn++) await holdingLock(folder, 1_000, async () => {});
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
