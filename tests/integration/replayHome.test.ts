import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { configuredChannels } from '../../src/alerts/channels/sendThrough.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { makeReplayHome } from '../../src/replay/makeReplayHome.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let folder: TemporaryHome;

beforeEach(async () => {
  folder = await makeHome();
});
afterEach(() => folder.remove());

test('a replay in a folder that an earlier one played in meets none of its jobs', async () => {
  const play = () => makeReplayHome(folder.home, `${folder.home.root}/replay`, '2025-01-06');
  const first = await play();
  await rm(first.root, { recursive: true });
  expect((await play()).id).not.toBe(first.id);
});

test('a replay of a home with channels for alerts has none, so that nobody is told of drift that is only played', async () => {
  await folder.configure('slack: null', 'slack: { url_env: CLV_TEST_CHAT_URL }');
  const played = await makeReplayHome(folder.home, `${folder.home.root}/replay`, '2025-01-06');
  const channelsOf = async (home: typeof played) =>
    configuredChannels((await loadConfig(home)).monitoring.alerts);
  expect(await channelsOf(played)).toEqual([]);
  expect(await channelsOf(folder.home)).toEqual(['slack']);
});
