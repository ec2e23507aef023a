import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { newestRankedFile } from '../../src/artefacts/run/rankedCustomer.ts';
import { listGridSearchIds } from '../../src/artefacts/search/gridSearchProposal.ts';
import { auditRegistry } from '../../src/registry/audit.ts';
import { findNewerSearch } from '../../src/registry/gridSearches.ts';
import { listModels } from '../../src/registry/modelCard.ts';
import { listRequests } from '../../src/registry/requests.ts';
import { makeReplayHome } from '../../src/replay/makeReplayHome.ts';
import { listFiles } from '../../src/retention/gatherFacts.ts';
import { makeHome, type TemporaryHome } from '../temporaryHome.ts';

let folder: TemporaryHome;

beforeEach(async () => {
  folder = await makeHome();
  return () => folder.remove();
});

/** Puts something in the place of a folder that is no folder, which even an all-powerful user cannot list. */
async function makeUnreadable(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '');
}

describe('a folder that cannot be read', () => {
  test('does not pass for one without searches, models, requests or runs', async () => {
    const { home } = folder;
    for (const path of [
      `${home.outputs}/grid_search`,
      home.cards,
      `${home.outputs}/requests`,
      home.runReports,
    ])
      await makeUnreadable(path);
    const unreadable = { code: 'FOLDER_UNREADABLE', message: expect.stringContaining('could not be read') };
    await expect(listGridSearchIds(home.outputs)).rejects.toMatchObject(unreadable);
    await expect(findNewerSearch(home, 'clv_grid_search_20250101_000000')).rejects.toMatchObject(unreadable);
    await expect(listModels(home)).rejects.toMatchObject(unreadable);
    await expect(listRequests(home)).rejects.toMatchObject(unreadable);
    await expect(newestRankedFile(home)).rejects.toMatchObject(unreadable);
  });

  test('is told by the audit', async () => {
    await makeUnreadable(folder.home.cards);
    expect(await auditRegistry(folder.home)).toMatchObject([{ what: 'cards', state: 'wrong' }]);
  });

  test('is not cleared away for one in which retention knows no file, nor played in by a replay', async () => {
    const { home } = folder;
    const unreadable = { code: 'FOLDER_UNREADABLE', message: expect.stringContaining('could not be read') };
    await makeUnreadable(home.outputs);
    await expect(listFiles(home)).rejects.toMatchObject(unreadable);
    await expect(makeReplayHome(home, home.outputs, '2026-01-05')).rejects.toMatchObject(unreadable);
    await makeUnreadable(home.models);
    expect(await auditRegistry(home)).toContainEqual(expect.objectContaining({ state: 'wrong' }));
  });

  test('that is not there is empty', async () => {
    await rm(folder.home.cards, { recursive: true, force: true });
    expect(await listModels(folder.home)).toEqual([]);
  });
});
