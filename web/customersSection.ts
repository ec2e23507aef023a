import { count, escaped, share } from '../src/artefacts/pages/htmlPage.ts';
import { amount, totalAmount } from '../src/domain/words/amount.ts';
import { counted } from '../src/domain/words/counted.ts';
import type {
  BestCustomerFacts,
  ClusterFacts,
  DashboardFacts,
  MonthFacts,
  RunFacts,
  TierFacts,
} from './dashboardFacts.ts';
import { code, link, nothing, section, shown, wideTable } from './section.ts';

/** Who the customers of the newest complete run are: tiers, the best of them, clusters. */
export function customersSection({ run }: DashboardFacts): string {
  return section(
    'customers',
    'Customers',
    shown(run, (facts) =>
      facts === null
        ? nothing('Value tiers, the best customers and behaviour clusters stand here after the first run.')
        : customersHtml(facts),
    ),
  );
}

function customersHtml({ cutoff, predMonths, predictedByMonth, ranked, clusters, files }: RunFacts): string {
  const names = [files.ranked, files.clusters].filter((name) => name !== null);
  return `<p class="faint">Of the run of ${escaped(cutoff)}. Expected is revenue in the ${counted(predMonths, 'month')} from then on, in the currency of the orders.${names.length === 0 ? '' : ` One row a customer: ${names.map((name) => code(name).html).join(', ')}.`}</p>
${monthsHtml(predictedByMonth)}<h3>Value tiers</h3>
${shown(ranked, ({ tiers }) => tiersHtml(tiers))}
<h3>The best customers</h3>
${shown(ranked, ({ best }) => bestHtml(best))}
<h3>Behaviour clusters</h3>
${shown(clusters, clustersHtml)}`;
}

/** What all customers are expected to spend, month by month; nothing where the run does not say. */
function monthsHtml(months: readonly MonthFacts[]): string {
  const most = Math.max(...months.map(({ revenue }) => revenue));
  if (!(most > 0)) return '';
  return `<h3>Month by month</h3>
${wideTable(
  'Expected by month',
  ['Month from', 'Expected', '-'],
  months.map(({ start, revenue }) => ({ cells: [start, totalAmount(revenue), bar(revenue / most)] })),
)}
`;
}

function tiersHtml(tiers: readonly TierFacts[]): string {
  const customers = tiers.reduce((sum, tier) => sum + tier.customers, 0);
  const predicted = tiers.reduce((sum, tier) => sum + tier.predicted, 0);
  if (customers === 0) return nothing('The run has no customers.');
  return `${wideTable(
    'Value tiers',
    ['Tier', 'Customers', 'Share', 'Expected', 'Share of all', '-', 'Mean'],
    tiers.map((tier) => {
      const part = predicted > 0 ? tier.predicted / predicted : null;
      return {
        cells: [
          tier.label,
          count(tier.customers),
          share(tier.customers / customers),
          totalAmount(tier.predicted),
          share(part),
          bar(part),
          tier.customers === 0 ? '–' : amount(tier.predicted / tier.customers),
        ],
      };
    }),
  )}
<p class="faint">Each customer counts once, in the highest tier that he or she reaches.</p>`;
}

/** What the share before it says, for the eye alone. */
function bar(part: number | null): { html: string } {
  const width = Math.max(0, Math.min(100, (part ?? 0) * 100)).toFixed(1);
  return { html: `<span class="bar" aria-hidden="true"><i style="width:${width}%"></i></span>` };
}

function bestHtml(best: readonly BestCustomerFacts[]): string {
  if (best.length === 0) return nothing('The run has no customers.');
  return wideTable(
    'The best customers',
    ['Customer', '-Tier', 'Expected', 'Still active', 'Next order'],
    best.map(({ id, tier, predicted, pAlive, nextOrder }) => ({
      cells: [
        link(`/api/customers/${encodeURIComponent(id)}`, id),
        tier,
        amount(predicted),
        pAlive === null ? '–' : `${(pAlive * 100).toFixed(0)} %`,
        nextOrder ?? '–',
      ],
    })),
  );
}

function clustersHtml(clusters: readonly ClusterFacts[]): string {
  if (clusters.length === 0) return nothing('The run has no clusters.');
  const customers = clusters.reduce((sum, cluster) => sum + cluster.customers, 0);
  return `${wideTable(
    'Behaviour clusters',
    ['Cluster', 'Rank', 'Customers', 'Share', 'Median expected', 'Against the median of all'],
    clusters.map((cluster) => ({
      cells: [
        String(cluster.id),
        String(cluster.rank),
        count(cluster.customers),
        share(cluster.customers / customers),
        amount(cluster.medianClv),
        cluster.index === null ? '–' : `× ${cluster.index.toFixed(2)}`,
      ],
    })),
  )}
<p class="faint">Customers of one cluster buy alike: how long they have been there, how recently and how regularly they order, what is expected of them.</p>`;
}
