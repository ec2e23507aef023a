import { compareModels } from '../../queues/modelBuild.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { planComparison, type StandIn } from '../../src/domain/evaluation/comparisonPlan.ts';
import { comparisonVerdict } from '../../src/domain/evaluation/comparisonVerdict.ts';
import { amount } from '../../src/domain/words/amount.ts';
import { counted } from '../../src/domain/words/counted.ts';
import { decidedAlone } from '../../src/domain/words/outlierWords.ts';
import {
  type ComparisonRecord,
  comparisonPath,
  readComparison,
  sideOf,
  writeComparison,
} from '../../src/registry/comparisonRecord.ts';
import { comparedModelOf, type ModelCard, readCard } from '../../src/registry/modelCard.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { ordersSignature } from '../../src/shop/ordersSource.ts';
import { RESAMPLES } from '../compute/pairedBootstrap.ts';
import { processorOf } from '../processor.ts';
import { type MeasuredTogether, measureTogether } from './measureTogether.ts';

/**
 * Measures two models on the newest complete months, on the same customers. A file that was made of the same orders
 * stays as it is.
 */
export const compareModelsProcessor = processorOf(compareModels, async (request, context) => {
  const { home, clock, pool, progress } = context;
  const cards = [await readCard(home, request.modelId), await readCard(home, request.otherId)] as const;
  const config = await loadConfig(home);
  // Asked for before the files are read: orders that change meanwhile count as others.
  const signature = await ordersSignature(home, config, request.orders);
  progress(0.02, 'reading orders');
  using book = await openOrders({ home, clock, threads: pool.threads }, config, request.orders);
  const { firstDate, openingDate } = book.report;
  const span = { firstDate: openingDate, dataEnd: book.dataEnd };
  const { window, standIns } = planComparison([comparedModelOf(cards[0]), comparedModelOf(cards[1])], span);
  const path = comparisonPath(home.outputs, cards, window.start);
  const orders = await book.fingerprint({ start: firstDate, end: span.dataEnd });
  const before = await readComparison(path);
  if (before?.measured?.orders.sha256 === orders.sha256) {
    if (before.orders_signature !== signature)
      await writeComparison(path, { ...before, orders_signature: signature });
    return summary(path, before);
  }

  const { seed } = config.modeling;
  const found = await measureTogether(book, { cards, window, standIns, seed }, context);
  const { customers, leftOut, metrics, difference } = found;
  const verdict = comparisonVerdict([cards[0].model_id, cards[1].model_id], difference);
  const measured = (i: 0 | 1) => ({
    by: standIns[i].by,
    fit_cutoff: standIns[i].fitCutoff,
    labels_end: standIns[i].labelsEnd,
    has_full_history: standIns[i].hasFullHistory,
    metrics: metrics[i],
  });
  const record: ComparisonRecord = {
    models: [sideOf(cards[0]), sideOf(cards[1])],
    measured: {
      window,
      orders,
      customers,
      left_out: leftOut,
      models: [measured(0), measured(1)],
      difference: {
        rmse: difference.rmseDifference,
        interval: [...difference.interval],
        share_first_better: difference.shareFirstBetter,
        resamples: RESAMPLES,
        seed,
      },
      winner: verdict.winner,
    },
    notes: notesOn(cards, standIns, found),
    conclusion: verdict.says,
    orders_signature: signature,
  };
  await writeComparison(path, record);
  return summary(path, record);
});

function notesOn(
  cards: readonly [ModelCard, ModelCard],
  standIns: readonly [StandIn, StandIn],
  { historyMonths, leftOut, withoutOutliers }: MeasuredTogether,
): string[] {
  const notes: string[] = [];
  for (const [i, { model_id, search }] of cards.entries()) {
    const { by, fitCutoff, labelsEnd, hasFullHistory } = standIns[i];
    notes.push(
      by === 'binary'
        ? `${model_id} is measured itself: its labels end before ${labelsEnd}.`
        : `${model_id} was trained on labels of these months, so its recipe is measured, fitted at ${fitCutoff}; the binary itself is up to one prediction window fresher.`,
    );
    if (!hasFullHistory)
      notes.push(`The orders begin too late for a full history of ${model_id} at ${fitCutoff}.`);
    if (search)
      notes.push(
        `The windows of ${model_id} were chosen by ${search.id}; where that search saw these months, the figure flatters it a little.`,
      );
  }
  if (leftOut > 0)
    notes.push(
      `Left out, because only one of the models predicts them: ${counted(leftOut, 'customer')} without an order in the last ${counted(historyMonths, 'month')}.`,
    );
  if (withoutOutliers !== null) notes.push(noteOnOutliers(cards, withoutOutliers));
  return notes;
}

function noteOnOutliers(
  [first, second]: readonly [ModelCard, ModelCard],
  { customerIds, rmse }: NonNullable<MeasuredTogether['withoutOutliers']>,
): string {
  return `${decidedAlone(customerIds, 'the errors')}, the RMSE of ${first.model_id} is ${amount(rmse[0])} and that of ${second.model_id} ${amount(rmse[1])}.`;
}

function summary(file: string, { conclusion, measured }: ComparisonRecord) {
  return { file, conclusion, winner: measured?.winner ?? null };
}
