import type { DashboardFacts, Part } from '../../../web/dashboardFacts.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import type { ModelConfig } from '../../config/schema.ts';
import type { Api } from '../api.ts';
import { calendarFacts } from './calendarFacts.ts';
import { decisionFacts } from './decisionFacts.ts';
import { driftFacts } from './driftFacts.ts';
import { modelsFacts } from './modelsFacts.ts';
import { ordersFacts } from './ordersFacts.ts';
import { queuesFacts } from './queuesFacts.ts';
import { runFacts } from './runFacts.ts';
import { tellPart } from './tellPart.ts';

/** All that the dashboard shows, from files and Redis; writes nothing. A part that cannot be read says why. */
export async function gatherDashboard(api: Api): Promise<DashboardFacts> {
  const { home, clock } = api;
  const asOfMs = clock.now();
  const config = await tellPart(loadConfig(home), api);
  const withConfig = async <T>(ask: (config: ModelConfig) => Promise<T>): Promise<Part<T>> =>
    config.facts === null ? config : tellPart(ask(config.facts), api);
  const [orders, models, decisions, calendar, drift, run, queueing] = await Promise.all([
    withConfig((it) => ordersFacts(home, it)),
    tellPart(modelsFacts(api), api),
    tellPart(decisionFacts(home), api),
    withConfig((it) => calendarFacts(home, it, asOfMs)),
    tellPart(driftFacts(home), api),
    tellPart(runFacts(api), api),
    tellPart(queuesFacts(api), api),
  ]);
  return {
    asOfMs,
    timezone: config.facts?.general.timezone ?? 'UTC',
    homeRoot: home.root,
    settings: await withConfig(async ({ data, schedule, run: { last_score_cutoff } }) => ({
      hasOrdersSource: data.orders !== null,
      launchDate: schedule.launch_date,
      hour: schedule.hour,
      nextCutoff: last_score_cutoff,
      maxStalenessDays: data.max_staleness_days,
    })),
    orders,
    models,
    decisions,
    calendar,
    drift,
    run,
    queues: queueing,
  };
}
