import type { DashboardFacts } from './dashboardFacts.ts';
import { code } from './section.ts';

/** The way from a new home to the first forecast, with what is done; HTML. Null where it lies behind, or cannot be told. */
export function firstSteps({ settings, models, run }: DashboardFacts): string | null {
  if (settings.facts === null || models.facts === null || run.trouble !== null) return null;
  const { champion, candidates } = models.facts;
  const hasChampion = champion !== null;
  const config = code('config/model_config.yaml').html;
  const steps = [
    {
      isDone: settings.facts.hasOrdersSource,
      html: `Say where the orders are: ${code('data.orders').html} in ${config}. ${code('clv doctor').html} says whether they can be read.`,
    },
    {
      isDone: hasChampion || (candidates.facts ?? []).length > 0,
      html: `Train a first model: ${code('clv train').html}`,
    },
    {
      isDone: hasChampion,
      html: `Have a person sign it off: ${code('clv approve MODEL --by NAME --note TEXT').html}`,
    },
    { isDone: run.facts !== null, html: `Score the customers: ${code('clv score').html}` },
  ];
  if (steps.every(({ isDone }) => isDone)) return null;
  const next = steps.findIndex(({ isDone }) => !isDone);
  const last = {
    isDone: settings.facts.launchDate !== null,
    html: `Let the calendar do it from then on: ${code('schedule.launch_date').html} in ${config}, and ${code('clv serve').html} running.`,
  };
  const items = [...steps, last].map(({ isDone, html }, i) => {
    const state = isDone ? ' class="done"' : i === next ? ' class="next" aria-current="step"' : '';
    return `<li${state}>${html}${isDone ? ' <span class="tick">✓ done</span>' : ''}</li>`;
  });
  return `<p class="why">From here to the first forecast:</p><ol class="steps">${items.join('\n')}</ol>`;
}
