import { figure, percent, signed } from './figures.ts';

/**
 * The bars for the champion: its RMSE over that of the best contender, and its Gini over that of the best contender.
 */
const RMSE_BAR = 1.01;
const GINI_BAR = 0.99;

/** The champion against one kind of rivals. */
export interface Rivalry {
  /** The rival with the least RMSE in hindsight. */
  readonly best: string;
  /** RMSE of the champion over that of the best. */
  readonly rmse: number;
  /** The 95 % interval, by resampling customers, of the champion's RMSE less that of the best, over the latter. */
  readonly interval: readonly [number, number];
  /** Normalised Gini of the champion over the largest of its rivals. */
  readonly gini: number;
}

/** How the champion did at one cutoff of one shop. */
export interface Outcome {
  readonly where: string;
  readonly contenders: Rivalry;
  readonly peers: Rivalry;
  /** RMSE of what the simulation expects, over that of the best contender; null for real orders. */
  readonly truth: number | null;
  /** The same of the best forecast that the orders allow; null where it was not asked for. */
  readonly possible: number | null;
  /** Share of the customers within their 80 % interval; null where there is none. */
  readonly coverage: number | null;
  /** The least that intervals hold which hold 80 % of each customer's own distribution; null without a purchase model. */
  readonly leastCoverage: number | null;
  readonly bias: number | null;
  /** Whether the total lies within its bounds; null where there are none. */
  readonly isTotalWithin: boolean | null;
}

/** Prints how the champion did against the contenders, against what others would use, and against the bars. */
export function tellBars(outcomes: readonly Outcome[]): void {
  const count = (holds: (outcome: Outcome) => boolean, of = outcomes): string =>
    `${of.filter(holds).length} of ${of.length}`;
  tellRivalry('the best contender', outcomes, ({ contenders }) => contenders);
  const simulatedOnes = outcomes.filter(({ possible }) => possible !== null);
  console.log(
    `\n76 to 84 % within their interval: ${count(({ coverage }) => coverage !== null && coverage >= 0.76 && coverage <= 0.84)} (at ${count(({ leastCoverage }) => leastCoverage !== null && leastCoverage > 0.84)} no intervals could hold so few that hold 80 % of each customer's own distribution); totals within 5 %: ${count(({ bias }) => bias !== null && Math.abs(bias) <= 0.05)}, within their bounds of 80 %: ${count(({ isTotalWithin }) => isTotalWithin === true)}.`,
  );
  if (simulatedOnes.length > 0)
    console.log(
      `The best possible forecast has an RMSE of at most ${RMSE_BAR} times the best contender's at ${count(({ possible }) => Number(possible) <= RMSE_BAR, simulatedOnes)}, the simulation at ${count(({ truth }) => Number(truth) <= RMSE_BAR, simulatedOnes)}.`,
    );
  tellRivalry('the best of what others would use', outcomes, ({ peers }) => peers);
}

function tellRivalry(rivals: string, outcomes: readonly Outcome[], of: (outcome: Outcome) => Rivalry): void {
  console.log(`\n## The champion against ${rivals}\n`);
  console.log(
    "| where | best in hindsight | RMSE over its RMSE | 95 % of resamples, less 1 | RMSE of the best possible, of the simulation, over the best contender's | Gini over the best | bias | in 80 % interval | bars |\n|---|---|--:|---|--:|--:|--:|--:|---|",
  );
  for (const outcome of outcomes) {
    const { where, truth, possible, bias, coverage } = outcome;
    const { best, rmse, interval, gini } = of(outcome);
    const missed = [...(rmse <= RMSE_BAR ? [] : ['RMSE']), ...(gini >= GINI_BAR ? [] : ['Gini'])];
    const says = missed.length === 0 ? 'met' : `missed: ${missed.join(', ')}`;
    const bounds = interval.map((bound) => signed(bound)).join(' to ');
    console.log(
      `| ${where} | ${best} | ${rmse.toFixed(3)} | ${bounds} | ${figure(possible)}, ${figure(truth)} | ${gini.toFixed(3)} | ${percent(bias)} | ${percent(coverage)} | ${says} |`,
    );
  }
  const rivalries = outcomes.map(of);
  const among = (holds: (rivalry: Rivalry) => boolean): string =>
    `${rivalries.filter(holds).length} of ${rivalries.length}`;
  console.log(
    `\nRMSE at most ${RMSE_BAR} times the best: ${among(({ rmse }) => rmse <= RMSE_BAR)}; Gini at least ${GINI_BAR} times: ${among(({ gini }) => gini >= GINI_BAR)}. The best, chosen in hindsight, beat the champion beyond the chance of one comparison at ${among(({ interval: [low] }) => low > 0)}; the champion the best at ${among(({ interval: [, high] }) => high < 0)}. Geometric mean of the ratios of RMSE: ${Math.exp(rivalries.reduce((sum, { rmse }) => sum + Math.log(rmse), 0) / rivalries.length).toFixed(3)}.`,
  );
}
