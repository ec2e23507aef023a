import { count, escaped, htmlTile } from '../src/artefacts/pages/htmlPage.ts';
import type { IsoDate } from '../src/domain/calendar/dates.ts';
import { startOfRun } from '../src/domain/calendar/runStart.ts';
import { totalAmount } from '../src/domain/words/amount.ts';
import { counted } from '../src/domain/words/counted.ts';
import { signedPercent } from '../src/domain/words/figures.ts';
import { likelyBetween } from '../src/domain/words/likelyBetween.ts';
import type { CalendarFacts, DashboardFacts, SettingsFacts, WaitingWindow } from './dashboardFacts.ts';
import { agoOf, dayOf, momentOf, type PageTime } from './pageTime.ts';
import { code, nothing, section, shown, troubleHtml, wideTable } from './section.ts';

/** What has run, what comes next, and the windows that wait for their months to pass. */
export function calendarSection({ settings, calendar, run, queues }: DashboardFacts, time: PageTime): string {
  const last = shown(run, (facts) =>
    facts === null
      ? nothing('No run is complete yet.')
      : `<div class="tiles">
${htmlTile(facts.cutoff, `cutoff of the newest complete run, which ended ${agoOf(facts.endedMs, time)} (${momentOf(facts.endedMs, time)})`)}
${htmlTile(count(facts.customers), 'customers scored')}
${htmlTile(totalAmount(facts.predicted), `expected from them in ${counted(facts.predMonths, 'month')}${likelyBetween(facts.predictedBounds)}`)}
</div>`,
  );
  const next = shown(settings, (config) =>
    shown(calendar, ({ nextSlotMs }) => {
      const queued = (queues.facts?.queuedCutoffs ?? []).flatMap((cutoff) => {
        const beginsMs = startOfRun(cutoff, time.nowMs, { timezone: time.timezone, hour: config.hour });
        return beginsMs === null ? [] : [{ cutoff, beginsMs }];
      });
      return `<p>${nextRun(config, nextSlotMs, queued, time)}</p>\n${queuedHtml(queued, time)}`;
    }),
  );
  const waiting = settings.trouble === null ? shown(calendar, (facts) => windowsHtml(facts, time)) : '';
  return section('calendar', 'Calendar', `${last}\n${next}\n${waiting}`);
}

/** A run that waits for the day of its cutoff. */
interface QueuedRun {
  readonly cutoff: IsoDate;
  readonly beginsMs: number;
}

/** HTML. */
function nextRun(
  { launchDate, nextCutoff }: SettingsFacts,
  nextSlotMs: number | null,
  queued: readonly QueuedRun[],
  time: PageTime,
): string {
  const cutoff =
    nextCutoff === null
      ? 'Its cutoff is not set yet: the first training sets it.'
      : `It scores the cutoff ${escaped(nextCutoff)}${nextCutoff > dayOf(time.nowMs, time) ? ', once that day has come' : ''}.`;
  if (launchDate === null || nextSlotMs === null) {
    const nothingRuns = `Nothing runs by the calendar, because ${code('schedule.launch_date').html} is not set.`;
    if (queued.some((run) => run.cutoff === nextCutoff)) return nothingRuns;
    return `${nothingRuns} The next run begins when somebody types ${code('clv score').html}. ${cutoff}`;
  }
  return `The next run begins on <b>${momentOf(nextSlotMs, time)}</b> (${agoOf(nextSlotMs, time)}). ${cutoff}`;
}

function queuedHtml(queued: readonly QueuedRun[], time: PageTime): string {
  if (queued.length === 0) return '';
  const runs = queued.map(
    ({ cutoff, beginsMs }) =>
      `<li>cutoff ${escaped(cutoff)}: begins on <b>${momentOf(beginsMs, time)}</b> (${agoOf(beginsMs, time)})</li>`,
  );
  return `<p>Queued for the day of ${queued.length === 1 ? 'its' : 'their'} cutoff:</p>\n<ul>\n${runs.join('\n')}\n</ul>`;
}

function windowsHtml({ windows, damaged }: CalendarFacts, time: PageTime): string {
  const troubles = damaged.map(troubleHtml).join('\n');
  if (windows.length === 0) return `${troubles}\n${nothing('No forecast waits for its months to pass.')}`;
  return `${troubles}
<h3>Forecasts whose months have to pass</h3>
<p class="faint">On the due day they are compared with what customers really spent. “So far” is what came since the cutoff, against what was to be expected by then, when the newest run read the orders.</p>
${wideTable(
  'Forecasts whose months have to pass',
  ['Cutoff', 'Months', 'Due', '-', 'Customers', 'Expected', 'So far', 'Against plan'],
  windows.map((window) => ({
    cells: [
      window.cutoff,
      String(window.predMonths),
      dayOf(window.dueMs, time),
      dueWords(window, time),
      count(window.customers),
      window.predicted === null ? '–' : totalAmount(window.predicted),
      window.progress === null ? '–' : totalAmount(window.progress.realised),
      window.progress === null || window.progress.expected <= 0
        ? '–'
        : signedPercent(window.progress.realised / window.progress.expected - 1),
    ],
  })),
)}`;
}

function dueWords({ dueMs, stage }: WaitingWindow, time: PageTime): string {
  if (dueMs > time.nowMs) return agoOf(dueMs, time);
  return stage === 'merged' ? 'to be compared' : `due ${agoOf(dueMs, time)}`;
}
