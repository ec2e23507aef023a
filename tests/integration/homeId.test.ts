import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { Redis } from 'ioredis';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { runCheckUp } from '../../src/cli/checkUp.ts';
import { openSession } from '../../src/cli/session.ts';
import { homeAt } from '../../src/config/home.ts';
import { ensureHomeIdentity } from '../../src/config/homeIdentity.ts';
import { initHome } from '../../src/config/initHome.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { claimHome } from '../../src/schedule/claimHome.ts';
import { type ForeignRedis, startForeignRedis } from '../redis.ts';
import { runClv } from '../runClv.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let server: ForeignRedis;
let redis: Redis;
let folder: TemporaryHome;

/** Opens the queues of a home as every command does, and closes them. */
async function work({ root }: { readonly root: string }, id?: string): Promise<void> {
  const home = homeAt(root, id);
  const session = await openSession(home, await loadConfig(home), pino({ level: 'silent' }));
  await session.close();
}
const refusalOf = (home: { readonly root: string }, id?: string) => work(home, id).catch((error) => error);

beforeEach(async () => {
  [server, folder] = await Promise.all([startForeignRedis(), makeHome()]);
  redis = new Redis(server.url);
  vi.stubEnv('REDIS_URL', server.url);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await redis.quit();
  await server.stop();
  await folder.remove();
});

describe('two homes of one id on one Redis', () => {
  let other: TemporaryHome;
  beforeEach(async () => {
    other = await makeHome();
    await work(folder.home, 'shop');
  });
  afterEach(() => other.remove());

  test('the second is refused by a sentence that says what to do, and changes nothing in Redis', async () => {
    const keys = (await redis.keys('*')).sort();
    const clv = (command: string) =>
      runClv({ redisUrl: server.url, home: other.home.root, CLV_HOME_ID: 'shop' }, [command]);
    const { code, stderr } = await clv('reconcile');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(
        `the home id "shop" belongs to other files than those of ${other.home.root}: the jobs of one`,
      ),
    ]);
    expect(stderr).toContain('set CLV_HOME_ID to a name that no other home on this Redis has');
    expect(await clv('doctor')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/✗ Redis +On this Redis the home id "shop" belongs to other files/),
    });
    expect((await redis.keys('*')).sort()).toEqual(keys);
    await work(other.home, 'shop-2');
    await work(folder.home, 'shop');
  });

  test('the id is handed over by the command in the sentence, and then the first one is refused', async () => {
    const { remedy } = await refusalOf(other.home, 'shop');
    const [, key] = /redis-cli -u "\$REDIS_URL" DEL (\S+)$/.exec(remedy) as RegExpExecArray;
    expect(await redis.del(key)).toBe(1);
    await work(other.home, 'shop');
    expect(await refusalOf(folder.home, 'shop')).toMatchObject({ code: 'HOME_ID_TAKEN' });
  });
});

describe('one home', () => {
  test('other files under the same path, as in a container of another shop, are another home', async () => {
    await work(folder.home);
    await rm(folder.home.root, { recursive: true });
    await mkdir(folder.home.root);
    await initHome(folder.home);
    expect(await refusalOf(folder.home)).toMatchObject({
      code: 'HOME_ID_TAKEN',
      message: expect.stringContaining(`the home id "${folder.home.id}" belongs to other files`),
    });
  });

  test('under another path, as in another container, it is the same one where its id is given', async () => {
    const elsewhere = await makeHome();
    for (const name of ['config', 'models', 'outputs']) {
      await rm(`${elsewhere.home.root}/${name}`, { recursive: true });
      await symlink(`${folder.home.root}/${name}`, `${elsewhere.home.root}/${name}`);
    }
    for (const { home } of [folder, elsewhere, folder]) await work(home, 'shop');
    await elsewhere.remove();
  });

  test('a copy of it, which has copied its identity, has an id of its own', async () => {
    await work(folder.home);
    const copy = `${folder.home.root}-copy`;
    await cp(folder.home.root, copy, { recursive: true });
    await work({ root: copy });
    expect((await redis.keys('clv:*:home')).sort()).toEqual(
      [folder.home.id, homeAt(copy).id].map((id) => `clv:${id}:home`).sort(),
    );
    await rm(copy, { recursive: true });
  });

  test('goes on where it was moved, or restored where it had been', async () => {
    const { root } = folder.home;
    await work(folder.home, 'shop');
    await rename(root, `${root}-moved`);
    await work({ root: `${root}-moved` }, 'shop');
    await cp(`${root}-moved`, root, { recursive: true });
    await rm(`${root}-moved`, { recursive: true });
    await work(folder.home, 'shop');
  });

  test('goes on where Redis was emptied, or its .clv folder deleted', async () => {
    await work(folder.home, 'shop');
    const identity = await redis.get('clv:shop:home');
    await redis.flushall();
    await rm(folder.home.state, { recursive: true, force: true });
    await work(folder.home, 'shop');
    expect(await redis.get('clv:shop:home')).toBe(identity);
  });

  test('with a private Redis is asked for nothing, whatever became of its files', async () => {
    vi.stubEnv('REDIS_URL', undefined);
    await work(folder.home);
    await expect(access(folder.home.identityFile)).rejects.toThrow('ENOENT');
    await folder.write('outputs/.identity', 'of another home\n');
    await work(folder.home);
  });

  test('has one identity, however many programs ask for it first at one moment', async () => {
    const all = await Promise.all(Array.from({ length: 16 }, () => ensureHomeIdentity(folder.home)));
    expect(new Set(all)).toEqual(new Set([(await readFile(folder.home.identityFile, 'utf8')).trim()]));
  });

  test.skipIf(process.platform !== 'linux')('that cannot be written has none', async () => {
    expect(await ensureHomeIdentity({ ...folder.home, identityFile: '/proc/.identity' })).toBeNull();
  });
});

describe('a copy of a home that is given the id of the first', () => {
  let copy: string;
  const home = (root = folder.home.root) => homeAt(root, 'shop');
  const redisOf = async (root?: string) =>
    (await runCheckUp(home(root), () => undefined)).find(({ what }) => what === 'Redis');
  beforeEach(async () => {
    vi.stubEnv('CLV_HOME_ID', 'shop');
    await work(folder.home, 'shop');
    copy = `${folder.home.root}-copy`;
    await cp(folder.home.root, copy, { recursive: true });
  });
  afterEach(() => rm(copy, { recursive: true, force: true }));

  test('is refused on the same machine, by every command and by doctor, while the first one goes on', async () => {
    const keys = (await redis.keys('*')).sort();
    const refusal = await refusalOf({ root: copy }, 'shop');
    expect(refusal).toMatchObject({
      code: 'HOME_COPIED',
      message: expect.stringContaining(`"shop" is used by ${folder.home.root}, and ${copy} is a copy of it`),
      remedy: expect.stringContaining('set CLV_HOME_ID to a name that no other home on this Redis has'),
    });
    expect(await redisOf(copy)).toMatchObject({ state: 'wrong', says: refusal.message });
    expect((await redis.keys('*')).sort()).toEqual(keys);
    await work(folder.home, 'shop');
    expect((await redisOf())?.state).not.toBe('wrong');
    await work({ root: copy }, 'shop-2');
  });

  test('gets the id by the command in the sentence, and then the first one is refused', async () => {
    const { remedy } = await refusalOf({ root: copy }, 'shop');
    const [, mark] = /delete its mark: rm (\S+)$/.exec(remedy) as RegExpExecArray;
    await rm(mark);
    await work({ root: copy }, 'shop');
    expect(await refusalOf(folder.home, 'shop')).toMatchObject({ code: 'HOME_ID_TAKEN' });
  });

  test('on another machine cannot be told from a home that was moved, and is warned of by log and doctor', async () => {
    const seat = JSON.parse((await redis.get('clv:shop:seat')) as string);
    const sitElsewhere = (file: string) =>
      redis.set('clv:shop:seat', JSON.stringify({ ...seat, host: 'other pid:[1]', file }));
    await sitElsewhere('1:1');
    expect(await redisOf()).toMatchObject({
      state: 'mind',
      remedy: expect.stringContaining(
        `last used from ${folder.home.root} on another machine or container (other pid:[1])`,
      ),
    });
    expect((await claimHome(redis, home())).doubt).toContain('give one of the two a CLV_HOME_ID of its own');
    // Taken by now.
    expect((await claimHome(redis, home())).doubt).toBeNull();
    // Containers and machines that share the folder see the same file on a device of another number.
    await sitElsewhere(`1:${seat.file.split(':')[1]}`);
    expect((await claimHome(redis, home())).doubt).toBeNull();
  });

  test('is refused by a Redis that takes no writes as well, and the first one goes on there', async () => {
    await redis.config('SET', 'min-replicas-to-write', '1');
    expect(await refusalOf({ root: copy }, 'shop')).toMatchObject({ code: 'HOME_COPIED' });
    const moved = await redis.get('clv:shop:seat');
    await rm(folder.home.root, { recursive: true });
    await work({ root: copy }, 'shop');
    expect(await redis.get('clv:shop:seat')).toBe(moved);
  });
});

test('doctor says which id the home has and where it comes from, and claims none', async () => {
  const redisOf = async (id?: string) =>
    (await runCheckUp(homeAt(folder.home.root, id), () => undefined)).find(({ what }) => what === 'Redis');
  expect((await redisOf())?.says).toContain(
    `(REDIS_URL); the id of this home is ${folder.home.id} (made of its path)`,
  );
  vi.stubEnv('CLV_HOME_ID', 'shop');
  expect((await redisOf('shop'))?.says).toContain('the id of this home is shop (CLV_HOME_ID)');
  expect(await redis.keys('*')).toEqual([]);
});
