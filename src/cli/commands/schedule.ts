import type { Command } from 'commander';
import { Option } from 'commander';
import { Temporal } from 'temporal-polyfill';
import { calendarOf } from '../../config/calendarSettings.ts';
import type { Home } from '../../config/home.ts';
import { loadConfig } from '../../config/loadConfig.ts';
import { type Calendar, nextSlot, type Slot, slotsBetween } from '../../domain/calendar/cadence.ts';
import { addDays, addMonths, dateInZone, type IsoDate, instantOf } from '../../domain/calendar/dates.ts';
import { ClvError } from '../../domain/errors.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { dateOption, timezoneOption } from '../options.ts';

/** How far ahead slots are shown where `--until` does not say. */
const SHOWN_MONTHS = 12;
const MOST_MONTHS = 1200;

export function addScheduleCommand(program: Command): void {
  withCommonOptions(
    program.command('schedule').description('print the slots of the calendar at which scoring runs begin'),
  )
    .addOption(
      new Option(
        '--launch <date>',
        'first day of the shop; default schedule.launch_date, from today on',
      ).argParser(dateOption),
    )
    .addOption(
      new Option('--tz <zone>', 'business time zone; default general.timezone').argParser(timezoneOption),
    )
    .option('--until <date>', 'last day to show; default 12 months on', dateOption)
    .action(async (options) => {
      const { home, terminal } = contextOf(options);
      const calendar = await chooseCalendar(home, options);
      const today = dateInZone(systemClock.now(), calendar.timezone);
      // A launch that was asked for is shown from its beginning; the calendar in service from today on.
      const from = options.launch ?? today;
      const until = options.until ?? addMonths(from, SHOWN_MONTHS);
      demandWithinReach(from, until);
      const slots = slotsBetween(
        calendar,
        instantOf(from, 0, calendar.timezone) - 1,
        instantOf(addDays(until, 1), 0, calendar.timezone) - 1,
      );
      terminal.result(describe(calendar, slots), {
        launch_date: calendar.launchDate,
        timezone: calendar.timezone,
        hour: calendar.hour,
        next: inWords(nextSlot(calendar, systemClock.now()), calendar),
        slots: slots.map((slot) => inWords(slot, calendar)),
      });
    });
}

/** Slots are found one after the other: those of thousands of years would keep a person waiting for nothing. */
function demandWithinReach(from: IsoDate, until: IsoDate): void {
  if (until >= from && until <= addMonths(from, MOST_MONTHS)) return;
  throw new ClvError(
    'UNTIL_OUT_OF_REACH',
    `The last day to show, ${until}, lies ${until < from ? 'before the first' : 'more than 100 years after the first'}, ${from}.`,
    { remedy: 'Give --until a day from there on, within 100 years.', values: { from, until } },
  );
}

/** The calendar of the home, or the one asked for; with `--launch` no home is needed. */
async function chooseCalendar(home: Home, options: { launch?: string; tz?: string }): Promise<Calendar> {
  const config = await loadConfig(home).catch((error) => {
    if (options.launch === undefined) throw error;
    return null;
  });
  const launchDate = options.launch ?? (config === null ? null : (calendarOf(config)?.launchDate ?? null));
  if (launchDate === null) {
    throw new ClvError(
      'LAUNCH_DATE_NOT_SET',
      `${home.configFile} sets no launch date, so nothing runs by the calendar.`,
      {
        remedy: 'Set schedule.launch_date, or pass --launch YYYY-MM-DD to see what it would mean.',
      },
    );
  }
  return {
    launchDate,
    timezone: options.tz ?? config?.general.timezone ?? 'UTC',
    hour: config?.schedule.hour ?? 6,
  };
}

interface SlotInWords {
  readonly phase: Slot['phase'];
  /** ISO 8601 with the offset of the zone at that moment. */
  readonly local: string;
  readonly epoch_ms: number;
}

function inWords({ phase, epochMs }: Slot, { timezone }: Calendar): SlotInWords {
  const local = Temporal.Instant.fromEpochMilliseconds(epochMs).toString({
    timeZone: timezone,
    smallestUnit: 'second',
  });
  return { phase, local, epoch_ms: epochMs };
}

function describe(calendar: Calendar, slots: readonly Slot[]): string {
  if (slots.length === 0) return 'There is no slot in that time.';
  return [
    `Launch ${calendar.launchDate}, ${String(calendar.hour).padStart(2, '0')}:00 ${calendar.timezone}`,
    '',
    'phase    local time                 epoch ms',
    ...slots
      .map((slot) => inWords(slot, calendar))
      .map(({ phase, local, epoch_ms }) => `${phase.padEnd(8)} ${local.padEnd(26)} ${epoch_ms}`),
  ].join('\n');
}
