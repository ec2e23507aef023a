import { UnrecoverableError } from 'bullmq';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scoreCustomers, scoringJobId } from '../../queues/scoring.ts';
import { chartSvg } from '../../src/artefacts/pages/chartSvg.ts';
import { errorOverTime } from '../../src/artefacts/pages/errorOverTime.ts';
import { fittingChart } from '../../src/artefacts/pages/fittingChart.ts';
import { htmlPage } from '../../src/artefacts/pages/htmlPage.ts';
import { DARK, LIGHT } from '../../src/artefacts/pages/theme.ts';
import { deployTestChampion, startTestServer, type TestServer, workOnce } from '../apiServer.ts';
import { browserProgram, type OpenBrowser, openBrowser } from '../browser.ts';

describe.skipIf(browserProgram === undefined)('in a browser', () => {
  let server: TestServer;
  let browser: OpenBrowser;
  const FIRST_STEP = scoringJobId(scoreCustomers.name, { cutoff: '2026-01-01', predMonths: 6 });

  beforeAll(async () => {
    [server, browser] = await Promise.all([startTestServer(), openBrowser()]);
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
  const shown = (text: string) => browser.page.getByText(text).first().waitFor();
  const press = (name: string) => browser.page.getByRole('button', { name, exact: true }).first().click();

  test('the board shows why a job failed, refuses to clear it away, and retries it, with nothing from another host', async () => {
    await browser.page.goto(`${server.url}/queues/queue/scoring?status=failed`);
    await shown('The orders stop long before the cutoff.');
    await shown(FIRST_STEP);
    expect(browser.answered.length).toBeGreaterThan(5);
    expect(browser.answered.filter((url) => !url.startsWith(`${server.url}/`))).toEqual([]);

    await press('Clean all');
    await press('Confirm');
    await shown('This is switched off');
    expect(await stateOfFirstStep()).toBe('failed');

    await press('Retry all');
    await press('Confirm');
    await expect.poll(stateOfFirstStep, { timeout: 20_000 }).toBe('waiting');
  });

  test.each([1400, 375])(
    'the dashboard fits a page of %i pixels, runs no script, and leads to the board',
    async (width) => {
      const { page } = browser;
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`${server.url}/dashboard`);
      await shown('The model in service');
      expect(await page.evaluate('document.scripts.length')).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      await page.locator('a[href="/queues"]').first().click();
      await shown('model-build');
    },
  );

  test('a table that is wider than a phone is moved sideways by the keyboard', async () => {
    const { page } = browser;
    await page.setViewportSize({ width: 375, height: 800 });
    await page.goto(`${server.url}/dashboard`);
    const table = page.getByRole('region', { name: 'The model against naive forecasts' });
    await table.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => table.evaluate((it: { scrollLeft: number }) => it.scrollLeft)).toBeGreaterThan(0);
  });

  test.each([
    [1400, 1080],
    [375, 347],
  ])('of a chart a page of %i pixels shows the one that fits', async (width, drawn) => {
    const { page } = browser;
    await page.setViewportSize({ width, height: 800 });
    const size = { width: 1080, height: 340 };
    const chart = await fittingChart('Errors', size, (isNarrow) => errorOverTime([], isNarrow));
    await page.setContent(htmlPage('Errors', `<figure>${chart}</figure>`));
    const shownCharts = page.getByRole('img', { name: 'Errors' });
    expect(await shownCharts.count()).toBe(1);
    expect((await shownCharts.boundingBox())?.width).toBe(drawn);
  });

  test('pages and their charts are dark on screens that prefer it, and light on paper', async () => {
    const { page } = browser;
    const [light, dark] = [LIGHT, DARK].map(({ paper, faint }) => [paper, faint].map(rgb));
    const chart = await chartSvg(errorOverTime([]), { width: 300, height: 200 }, 'Errors');
    const colours = async () => [
      await page.evaluate('getComputedStyle(document.body).backgroundColor'),
      await page.evaluate('getComputedStyle(document.querySelector("svg text")).fill'),
    ];
    try {
      await page.setContent(htmlPage('Errors', chart));
      expect(await colours()).toEqual(light);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await colours()).toEqual(dark);
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
      expect(await colours()).toEqual(light);
    } finally {
      await page.emulateMedia({ colorScheme: null, media: null });
    }
  });
});

/** A colour as browsers tell it. */
function rgb(colour: string): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return `rgb(${channels.join(', ')})`;
}
