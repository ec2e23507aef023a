import { count, escaped, htmlTile, share } from '../src/artefacts/pages/htmlPage.ts';
import { totalAmount } from '../src/domain/words/amount.ts';
import { counted } from '../src/domain/words/counted.ts';
import type { DashboardFacts, OrdersFacts, RunFacts } from './dashboardFacts.ts';
import { agoOf, dayOf, type PageTime } from './pageTime.ts';
import { code, nothing, section, shown } from './section.ts';

/** What the newest run read, and what could not be used. */
export function dataSection({ run, orders }: DashboardFacts, time: PageTime): string {
  const read = shown(run, (facts) =>
    facts === null ? nothing('No run has read orders yet.') : readHtml(facts),
  );
  const files = shown(orders, (facts) => filesHtml(facts, time));
  return section('data', 'Data', `${read}\n${files}`);
}

function readHtml({ cutoff, orders }: RunFacts): string {
  const { rowsRead, acceptedRows, guestRows, guestRevenue, rejectedRows, rejectsByReason } = orders;
  const part = (rows: number): string => (rowsRead === 0 ? '' : ` (${share(rows / rowsRead)})`);
  const reasons = Object.entries(rejectsByReason).map(
    ([reason, rows]) => `${count(rows)} ${reason.replaceAll('_', ' ')}`,
  );
  return `<div class="tiles">
${htmlTile(count(acceptedRows), `rows accepted${part(acceptedRows)}, of ${counted(orders.customers, 'customer')}`)}
${htmlTile(count(guestRows), `rows of guests${part(guestRows)}: no customer, revenue ${totalAmount(guestRevenue)}`)}
${htmlTile(count(rejectedRows), `rows rejected${part(rejectedRows)}${reasons.length === 0 ? '' : `: ${reasons.join(', ')}`}`)}
</div>
<p>The run of ${escaped(cutoff)} read ${counted(rowsRead, 'row')}, with orders from ${escaped(orders.firstDate)} to ${escaped(orders.lastDate)}.${straySay(orders)}</p>`;
}

function straySay({ strayOrders = [], openingDate = '' }: RunFacts['orders']): string {
  if (strayOrders.length === 0) return '';
  const who = strayOrders.map(({ customerId, day }) => `that of customer ${customerId} on ${day}`);
  const [lies, isSlip] =
    who.length === 1
      ? ['order lies', 'it is a slip, correct it']
      : ['orders lie', 'they are slips, correct them'];
  return escaped(
    ` ${count(who.length)} ${lies} long before all others: ${who.join(', ')}. The shop is taken to have opened on ${openingDate}; if ${isSlip} in the orders.`,
  );
}

function filesHtml({ changedMs, newestRejects }: OrdersFacts, time: PageTime): string {
  const changed =
    changedMs === null
      ? `The config names no orders: set ${code('data.orders').html}.`
      : `The files of orders were changed last on ${dayOf(changedMs, time)} (${escaped(agoOf(changedMs, time))}).`;
  const rejects =
    newestRejects === null
      ? 'No row was ever put away as unusable.'
      : `Rows that could not be used stand, each with its reason, in ${code(newestRejects.file).html} (newest file, ${dayOf(newestRejects.writtenMs, time)}).`;
  return `<p>${changed} ${rejects}</p>`;
}
