import type { RunFacts } from '../../../web/dashboardFacts.ts';
import { type RunFileKind, runFileName } from '../../artefacts/names.ts';
import { readClusterRanking } from '../../artefacts/run/clusterRankingFile.ts';
import type { ReportedFile } from '../../artefacts/run/rankedSummary.ts';
import { newestCompleteRun, type RunReport, readRunReport } from '../../artefacts/run/runReport.ts';
import type { Home } from '../../config/home.ts';
import type { Api } from '../api.ts';
import { summaryOf } from './rankedSummaryCache.ts';
import { tellPart } from './tellPart.ts';

/** The newest complete run and what it says of the customers; null before the first. Throws RunReportDamagedError. */
export async function runFacts(api: Pick<Api, 'home' | 'log'>): Promise<RunFacts | null> {
  const { home } = api;
  const run = await newestCompleteRun(home.runReports);
  if (run === null) return null;
  const report = await readRunReport(home.runReports, run);
  const written = (kind: RunFileKind) => report.files.find(({ file }) => file === runFileName(kind, run));
  const pathOf = (kind: RunFileKind) => {
    const file = written(kind)?.file;
    return file === undefined ? null : `outputs/${file}`;
  };
  return {
    cutoff: run.cutoff,
    predMonths: run.predMonths,
    modelId: report.model_id,
    endedMs: run.writtenMs,
    customers: report.customers,
    predicted: report.predicted_revenue,
    predictedBounds: report.predicted_revenue_bounds ?? null,
    predictedByMonth: report.predicted_revenue_by_month ?? [],
    files: { ranked: pathOf('ranked_predictions'), clusters: pathOf('clusters') },
    orders: report.orders,
    ranked: await tellPart(rankedFacts(home, report, written('ranked_predictions')), api),
    clusters: await tellPart(clusterFacts(home, runFileName('cluster_ranking', run)), api),
  };
}

async function rankedFacts(
  home: Home,
  { tiers }: RunReport,
  file: ReportedFile | undefined,
): Promise<NonNullable<RunFacts['ranked']['facts']>> {
  if (file === undefined) return { tiers: [], best: [] };
  const summary = await summaryOf(home.outputs, file);
  return {
    // The report names the tiers in their order, also those that nobody is in.
    tiers: tiers.map(({ label, customers }) => ({
      label,
      customers,
      predicted: summary.tiers.find((tier) => tier.label === label)?.predicted ?? 0,
    })),
    best: summary.best,
  };
}

async function clusterFacts(home: Home, file: string): Promise<NonNullable<RunFacts['clusters']['facts']>> {
  const clusters = await readClusterRanking(`${home.outputs}/${file}`);
  return clusters.map(({ clusterId, clusterRank, customers, medianClv, clvIndex }) => ({
    id: clusterId,
    rank: clusterRank,
    customers,
    medianClv,
    index: clvIndex,
  }));
}
