import { basename } from 'node:path';
import { escaped, htmlPage } from '../src/artefacts/pages/htmlPage.ts';
import { calendarSection } from './calendarSection.ts';
import { customersSection } from './customersSection.ts';
import type { DashboardFacts } from './dashboardFacts.ts';
import { DASHBOARD_STYLE } from './dashboardStyle.ts';
import { dataSection } from './dataSection.ts';
import { forecastsSection } from './forecastsSection.ts';
import { headline } from './headline.ts';
import { modelSection } from './modelSection.ts';
import { momentOf, type PageTime } from './pageTime.ts';
import { queuesSection } from './queuesSection.ts';
import { code, link } from './section.ts';

/** The dashboard as one HTML page that needs nothing else and runs no script. The same facts give the same page. */
export async function dashboardHtml(facts: DashboardFacts): Promise<string> {
  const time: PageTime = { nowMs: facts.asOfMs, timezone: facts.timezone };
  const shop = basename(facts.homeRoot);
  const contents = [
    ['#model', 'Model'],
    ['#calendar', 'Calendar'],
    ['#forecasts', 'Forecasts'],
    ['#customers', 'Customers'],
    ['#data', 'Data'],
    ['#queues', 'Queues'],
  ] as const;
  return htmlPage(
    `${shop}: CLV Horizon`,
    `<header class="top"><div><h1>${escaped(shop)}</h1>
<p class="faint">CLV Horizon, as of ${escaped(momentOf(facts.asOfMs, time))}, ${escaped(facts.timezone)}</p></div>
<nav aria-label="Pages">${link('/queues', 'Board of jobs').html}</nav></header>
<main>
${headline(facts, time)}
<nav class="contents" aria-label="On this page">${contents.map(([href, text]) => link(href, text).html).join(' ')}</nav>
${modelSection(facts, time)}
${calendarSection(facts, time)}
${await forecastsSection(facts)}
${customersSection(facts)}
${dataSection(facts, time)}
${queuesSection(facts)}
</main>
<footer class="faint"><p>This page only reads; to see newer figures, load it again. Dates are of ${escaped(facts.timezone)}. Commands are meant to be given in the folder of this home; elsewhere add ${code('--home').html} and its path.</p></footer>`,
    DASHBOARD_STYLE,
  );
}
