import { escaped, figureOrDash, htmlTile, share, signedOrDash } from '../src/artefacts/pages/htmlPage.ts';
import { shiftSays } from '../src/domain/forecast/season/shiftSays.ts';
import { amount } from '../src/domain/words/amount.ts';
import { counted } from '../src/domain/words/counted.ts';
import type { ChampionFacts, DashboardFacts } from './dashboardFacts.ts';
import { agoOf, dayOf, type PageTime } from './pageTime.ts';
import { code, link, nothing, section, shown, wideTable } from './section.ts';

/** Which model is in service, and how good it is. */
export function modelSection({ models }: DashboardFacts, time: PageTime): string {
  const body = shown(models, ({ champion }) =>
    champion === null
      ? nothing(
          'No model is in service. The first one that a person signs off will stand here with its figures.',
        )
      : championHtml(champion, time),
  );
  return section('model', 'The model in service', body);
}

function championHtml(model: ChampionFacts, time: PageTime): string {
  const { id, sinceMs, signedBy, note, historyMonths, predMonths, fitCutoff, measuredCutoff, metrics } =
    model;
  const address = `/api/models/${encodeURIComponent(id)}`;
  const links = [
    ...(model.hasReport ? [link(`${address}/report`, 'Training report').html] : []),
    link(address, 'Card').html,
  ];
  return `<p>${code(id).html}, in service since ${dayOf(sinceMs, time)} (${escaped(agoOf(sinceMs, time))}), signed off by <b>${escaped(signedBy)}</b>. It reads ${counted(historyMonths, 'month')} of history and looks ${counted(predMonths, 'month')} ahead.</p>
${
  note === ''
    ? ''
    : `<p class="faint note">Reason given: “${escaped(note)}”</p>
`
}<p>${links.join(' · ')}</p>
<div class="tiles">
${htmlTile(amount(metrics.rmse), 'RMSE: the typical error per customer')}
${htmlTile(figureOrDash(metrics.normalizedGini), 'normalised Gini: 1 is the perfect order of customers, 0 is chance')}
${htmlTile(figureOrDash(metrics.r2), 'R²: share of the differences between customers that it explains')}
${htmlTile(signedOrDash(metrics.bias), 'bias: all forecasts together against what came')}
${model.coverage === null ? '' : htmlTile(share(model.coverage), 'of customers lay within their interval of 80 %')}
</div>
${model.levelShift === null ? '' : `<p>${escaped(shiftSays(model.levelShift))}</p>\n`}<p>${escaped(againstNaive(model))}</p>
${wideTable(
  'The model against naive forecasts',
  ['Forecast', 'RMSE', 'R²', 'Normalised Gini', 'Bias'],
  [
    { cells: ['Model in service', ...cellsOf(metrics)], mark: 'chosen' },
    ...(model.naive === null ? [] : [{ cells: ['Naive: each at their own rate', ...cellsOf(model.naive)] }]),
    {
      cells: [
        'Naive: the mean for all',
        ...(model.mean === null ? [amount(model.rmseOfMean), '–', '–', '–'] : cellsOf(model.mean)),
      ],
    },
  ],
)}
<p class="faint">Out of time: made ready at ${escaped(fitCutoff)} and measured at ${escaped(measuredCutoff)} on ${counted(metrics.customers, 'customer')} and ${counted(predMonths, 'month')} that it had not seen. Low is good for RMSE, near zero for bias, high for the rest.</p>`;
}

function cellsOf(metrics: ChampionFacts['metrics']): string[] {
  return [
    amount(metrics.rmse),
    figureOrDash(metrics.r2),
    figureOrDash(metrics.normalizedGini),
    signedOrDash(metrics.bias),
  ];
}

function againstNaive({ metrics, naive, rmseOfMean }: ChampionFacts): string {
  const best = Math.min(rmseOfMean, naive?.rmse ?? Number.POSITIVE_INFINITY);
  if (best === 0) return '';
  const lead = 1 - metrics.rmse / best;
  const percent = `${Math.abs(lead * 100).toFixed(1)} %`;
  return lead >= 0
    ? `Its error is ${percent} below that of the better of the two naive forecasts.`
    : `Its error is ${percent} above that of the better of the two naive forecasts: look at the training report.`;
}
