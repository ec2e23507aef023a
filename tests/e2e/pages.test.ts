import { UnrecoverableError } from 'bullmq';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scoreCustomers, scoringJobId } from '../../queues/scoring.ts';
import { deployTestChampion, startTestServer, type TestServer, workOnce } from '../apiServer.ts';
import { type Browser, browserProgram, openBrowser, type Page } from '../browser.ts';

describe.skipIf(browserProgram === undefined)('in a browser', () => {
  let server: TestServer;
  let browser: Browser;
  let page: Page;
  const FIRST_STEP = scoringJobId(scoreCustomers.name, { cutoff: '2026-01-01', predMonths: 6 });

  beforeAll(async () => {
    [server, browser] = await Promise.all([startTestServer(), openBrowser()]);
    ({ page } = browser);
    await deployTestChampion(server.folder.home);
    await server.ask('/api/score-runs', { method: 'POST', body: { cutoff: '2026-01-01' } });
    await workOnce(server, () => {
      throw new UnrecoverableError('The orders stop long before the cutoff.');
    });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const stateOfFirstStep = async () => (await server.queues.byName.scoring.getJobState(FIRST_STEP)) as string;
  const shown = (text: string) => page.until(`document.body?.innerText.includes(${JSON.stringify(text)})`);
  const button = (text: string) =>
    `[...document.querySelectorAll('button')].find((it) => it.innerText === ${JSON.stringify(text)})`;
  const press = async (text: string) => {
    await page.until(button(text));
    await page.evaluate(`${button(text)}.click()`);
  };

  test('the board shows why a job failed, with nothing from another host', async () => {
    await page.open(`${server.url}/queues/queue/scoring?status=failed`);
    await shown('The orders stop long before the cutoff.');
    await shown(FIRST_STEP);
    expect(page.answered.length).toBeGreaterThan(5);
    expect(page.answered.filter((url) => !url.startsWith(`${server.url}/`))).toEqual([]);
  });

  test('the board cannot clear away what failed, and says so', async () => {
    await press('Clean all');
    await press('Confirm');
    await shown('This is switched off');
    expect(await stateOfFirstStep()).toBe('failed');
  });

  test('the board retries what failed', async () => {
    await press('Retry all');
    await press('Confirm');
    await expect.poll(stateOfFirstStep, { timeout: 20_000 }).toBe('waiting');
  });

  test.each([1400, 375])(
    'the dashboard fits a page of %i pixels, runs no script, and leads to the board',
    async (width) => {
      await page.resize(width);
      await page.open(`${server.url}/dashboard`);
      await shown('The model in service');
      expect(await page.evaluate('document.scripts.length')).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.evaluate(`document.querySelector('a[href="/queues"]').click()`);
      await shown('model-build');
    },
  );
});
