import { describe, expect, test } from 'vitest';
import { trainingReportHtml } from '../../../src/artefacts/pages/trainingReportHtml.ts';
import { trainingReportCsv } from '../../../src/artefacts/trainingReportCsv.ts';
import { addDays } from '../../../src/domain/calendar/dates.ts';
import { trainingReport } from '../../../src/domain/evaluation/trainingReport.ts';

const HEADING = {
  modelId: 'clv_model_20260101_120000',
  historyMonths: 12,
  predMonths: 6,
  fitCutoff: '2025-01-01',
  measuredCutoff: '2025-07-01',
  hasFullHistory: true,
  season: null,
  bestRival: null,
  totalBounds: null,
};
const NAMES = ['stack', '<script>alert("x")</script>', 'R&D'];

/** A report of 40 customers, of whom each spends `spend` times a number of its own. */
function reportOf(spend: number) {
  const actual = Float64Array.from({ length: 40 }, (_, i) => ((i * 7) % 11) * spend);
  return trainingReport({
    actual,
    tenureDays: actual.map((_, i) => i * 20),
    orders: actual.map((_, i) => 1 + (i % 12)),
    forecasts: NAMES.map((name, k) => ({
      name,
      isChosen: k === 0,
      predicted: actual.map((value, i) => value * (1 - k / 4) + ((i * 5) % 3)),
    })),
  });
}

describe('the page', () => {
  test('shows every forecast by its name, and no name becomes markup', async () => {
    const html = await trainingReportHtml(reportOf(10), HEADING);
    expect(html).toContain('stack ✓ chosen');
    expect(html).toContain('<td>R&amp;D</td>');
    expect(html).toContain('<td>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</td>');
    expect(html).not.toMatch(/<script/i);
  });

  test('says within which bounds the model expected what all customers spent', async () => {
    const totalBounds = { p10: 1234.4, p90: 5678.6 };
    const html = await trainingReportHtml(reportOf(10), { ...HEADING, totalBounds });
    expect(html).toContain(
      '<span>what they spent; stack expected 1,234 to 5,679, with four chances in five</span>',
    );
    expect(await trainingReportHtml(reportOf(10), HEADING)).toContain('<span>what they spent</span>');
  });

  test('needs nothing from elsewhere', async () => {
    const html = await trainingReportHtml(reportOf(10), HEADING);
    expect(html.replaceAll(/ xmlns(:xlink)?="http:\/\/www\.w3\.org\/[^"]*"/g, '')).not.toMatch(
      /https?:|src=|<link|@import|url\((?!#)/,
    );
    // The first calibration, gain, lift and two errors, for wide and for narrow pages, and two small calibrations.
    expect(html.match(/<svg/g)).toHaveLength(12);
  });

  test('says in place of each drawing what it shows', async () => {
    const html = await trainingReportHtml(reportOf(10), HEADING);
    const names = [...html.matchAll(/<svg role="img" aria-label="([^"]+)"/g)].map(([, name]) => name);
    expect(names).toHaveLength(12);
    expect(names).toContain(
      'Calibration of R&amp;D: forecast and realised revenue by tenth of the customers',
    );
  });

  test('draws the line of the chosen forecast above those of the others', async () => {
    const html = await trainingReportHtml(reportOf(10), HEADING);
    const gain = html.split('aria-label="Cumulative gain')[1];
    const strokes = [...gain.matchAll(/stroke-width="(3\.5|1\.8)" stroke-linejoin/g)].map(
      ([, width]) => width,
    );
    expect(strokes).toEqual(['1.8', '1.8', '3.5']);
  });

  test('draws what lies far off so that the others can still be read', async () => {
    const actual = Float64Array.from({ length: 40 }, (_, i) => 10 + (i % 7));
    const far = actual.map((value, i) => (i === 3 ? 100_000 : value));
    const page = (predicted: Float64Array) =>
      trainingReportHtml(
        trainingReport({
          actual,
          tenureDays: actual.map(() => 200),
          orders: actual.map(() => 1),
          forecasts: [
            { name: 'stack', isChosen: true, predicted: actual.map((value) => value + 1) },
            { name: 'rate', isChosen: false, predicted },
          ],
        }),
        HEADING,
      );
    const html = await page(far);
    expect(html).toContain('<h3>rate, on a scale of its own</h3>');
    expect(html).toContain('A bar is cut at the top');
    expect(html).toMatch(/rate with 15,80\d\.\d\d \(181 to 365 days\)/);
    expect(await page(actual.map((value) => value + 5))).not.toMatch(/of its own|cut at the top/);
  });

  test('draws the season from January on, where the model has one', async () => {
    const season = {
      anchor: '2026-11-01',
      index: [0.9, 2.1, ...new Array<number>(10).fill(0.9)],
      shift: null,
    };
    const html = await trainingReportHtml(reportOf(10), { ...HEADING, season });
    expect(html.match(/<svg/g)).toHaveLength(14);
    const months = [...html.matchAll(/>(Jan|Jul|Nov|Dec)</g)].map(([, month]) => month);
    expect(months.slice(0, 4)).toEqual(['Jan', 'Jul', 'Nov', 'Dec']);
    expect(await trainingReportHtml(reportOf(10), HEADING)).not.toContain('The season');
  });

  test('says since when customers have ordered less often, with a season and without', async () => {
    const shift = { from: '2026-05-01', until: null, factor: 0.587 };
    const says = 'Since 2026-05-01 customers have ordered 41 % less often than before';
    const season = { anchor: '2026-11-01', index: [0.9, 2.1, ...new Array<number>(10).fill(0.9)], shift };
    expect(await trainingReportHtml(reportOf(10), { ...HEADING, season })).toContain(says);
    const flat = { ...season, index: new Array<number>(12).fill(1) };
    const html = await trainingReportHtml(reportOf(10), { ...HEADING, season: flat });
    expect(html).toContain(says);
    expect(html).not.toContain('The season');
    const wasMeasuredAfter = async (from: string): Promise<string> =>
      trainingReportHtml(reportOf(10), { ...HEADING, season: { ...flat, shift: { ...shift, from } } });
    const notice = 'The forecasts that are measured here were made before that.';
    expect(await wasMeasuredAfter(HEADING.measuredCutoff)).toContain(notice);
    expect(await wasMeasuredAfter(addDays(HEADING.measuredCutoff, -1))).not.toContain(notice);
  });

  test('has no id twice, and each clip path that is used', async () => {
    const html = await trainingReportHtml(reportOf(10), HEADING);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const used = [...html.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(used)).toEqual(new Set(ids));
  });

  test('is drawn of amounts of any size, and of a shop whose revenue is nothing', async () => {
    // Ends of axes that are not the double nearest to their decimal: 5 times half a millionth, and others.
    for (const most of [2.4e-6, 4.7e-6, 9.6e-6, 3e-12, 1e-60, 1e18]) {
      for (const actual of [most, 0]) {
        const report = trainingReport({
          actual: new Float64Array(20).fill(actual),
          tenureDays: Float64Array.from({ length: 20 }, (_, i) => i * 20),
          orders: new Float64Array(20).fill(1),
          forecasts: [{ name: 'stack', isChosen: true, predicted: new Float64Array(20).fill(most) }],
        });
        await expect(trainingReportHtml(report, HEADING)).resolves.toContain('<svg');
      }
    }
  });

  test('comes out the same to the byte when it is drawn again', async () => {
    const first = await trainingReportHtml(reportOf(10), HEADING);
    await trainingReportHtml(reportOf(20), HEADING);
    expect(await trainingReportHtml(reportOf(10), HEADING)).toBe(first);
  });

  test('says that a forecast which was not chosen did better, and that a history was short', async () => {
    const actual = Float64Array.of(1, 2, 3, 4);
    const report = trainingReport({
      actual,
      tenureDays: actual,
      orders: actual,
      forecasts: [
        { name: 'forest', predicted: Float64Array.of(4, 3, 2, 1), isChosen: true },
        { name: 'rate', predicted: actual.map((value) => value + 1), isChosen: false },
      ],
    });
    const bestRival = { name: 'rate', interval: [0.5, 2], says: 'rate < forest; this is beyond chance.' };
    const html = await trainingReportHtml(report, { ...HEADING, bestRival, hasFullHistory: false });
    // 3 + 1 + 1 + 3 squared against 1 each: the root of 5.
    expect(html).toContain('<b>123.6 % above</b> that of rate (1.00)');
    expect(html).toContain('rate &lt; forest; this is beyond chance. Find out why before you sign.');
    expect(html).toContain('on a shorter one');
    const lucky = await trainingReportHtml(report, {
      ...HEADING,
      bestRival: { ...bestRival, interval: [-0.5, 2], says: 'This may be chance.' },
    });
    expect(lucky).toContain('This may be chance. Of several forecasts');
    expect(lucky).not.toContain('before you sign');
    const other = { ...bestRival, name: 'btyd' };
    expect(await trainingReportHtml(report, { ...HEADING, bestRival: other })).not.toContain('beyond chance');
  });

  test('says so where there is no revenue to be found', async () => {
    const html = await trainingReportHtml(reportOf(0), HEADING);
    expect(html).toContain('did not bring any revenue');
    expect(html).not.toContain('<b>–</b>');
    expect(html).not.toContain('would be perfect');
    expect(html).not.toMatch(/NaN|undefined|null/);
  });
});

test('the CSV has one row a figure: per forecast overall, deciles, gain, groups, and the perfect order', () => {
  const report = reportOf(10);
  const [header, ...rows] = trainingReportCsv(report, HEADING.modelId).trimEnd().split('\n');
  expect(header).toBe('model_id,forecast,is_chosen,section,group,measure,value');
  const groups = report.forecasts[0].byTenure.length + report.forecasts[0].byOrders.length;
  expect(rows).toHaveLength(NAMES.length * (10 + 40 + 101 + groups * 6) + 101);
  expect(rows).toContain(`${HEADING.modelId},stack,yes,overall,,customers,40`);
  expect(rows).toContain(`${HEADING.modelId},stack,yes,gain,100,share_of_revenue,1`);
  expect(rows).toContain(`${HEADING.modelId},(perfect order),no,gain,0,share_of_revenue,0`);
  expect(rows.some((row) => row.startsWith(`${HEADING.modelId},"<script>alert(""x"")</script>",no,`))).toBe(
    true,
  );
});
