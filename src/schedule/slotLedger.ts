import { z } from 'zod';
import { type ScoreRun, scoreRunSchema } from '../../queues/scoring.ts';
import type { Home } from '../config/home.ts';
import type { Calendar } from '../domain/calendar/cadence.ts';
import type { SlotHistory, SlotOutcome } from '../domain/calendar/slotHistory.ts';
import { ClvError } from '../domain/errors.ts';
import { appendJsonLine } from '../registry/jsonLines.ts';
import { readLedgerText } from '../registry/ledgerFile.ts';

/** `outputs/schedule/slots.jsonl` holds a line that is not one of the ledger. */
export class SlotLedgerError extends ClvError {}

const instant = z.iso.datetime();

const calendarLine = z.strictObject({
  at: instant,
  /** From now on this calendar is followed; null for none. */
  calendar: z.strictObject({ launch_date: z.string(), timezone: z.string(), hour: z.int() }).nullable(),
});
/** When the report was written that was there already as the run began; left out where there was none. */
const earlierReport = instant.optional();
const slotLine = z.strictObject({
  at: instant,
  slot: instant,
  outcome: z.enum(['run', 'covered', 'skipped', 'open']),
  run: scoreRunSchema.optional(),
  earlier_report: earlierReport,
  /** The id of the job by which a person asked for a run, and got that of the slot. */
  asked: z.string().optional(),
});
/** A run that a person asked the calendar for while no slot was open. */
const askedLine = z.strictObject({
  at: instant,
  asked: z.string(),
  run: scoreRunSchema,
  earlier_report: earlierReport,
});
const lineSchema = z.union([calendarLine, slotLine, askedLine]);

/** A run that is begun. */
export interface Beginning {
  readonly run: ScoreRun;
  /** When the report was written, in ISO 8601, that its window had already; null for none. */
  readonly earlierReport: string | null;
  /** The id of the job by which a person asked for it. */
  readonly askedBy?: string;
}

/**
 * The content of `outputs/schedule/slots.jsonl`, which does not depend on Redis, so that no slot is run twice or
 * forgotten.
 */
export interface SlotLedger extends SlotHistory {
  /** The run that was begun last; null before the first. */
  readonly last: Beginning | null;
  /** Ids of the jobs by which people asked for a run. */
  readonly asked: ReadonlySet<string>;
}

/** `outputs/schedule/slots.jsonl`. */
export function slotLedgerPath(home: Home): string {
  return `${home.outputs}/schedule/slots.jsonl`;
}

/**
 * Reads the ledger; one that does not exist is empty. A last line that was cut short does not count. Throws
 * SlotLedgerError.
 */
export async function readSlotLedger(home: Home): Promise<SlotLedger> {
  let followed: SlotLedger['followed'] = null;
  let last: Beginning | null = null;
  const outcomes = new Map<number, SlotOutcome>();
  const asked = new Set<string>();
  for (const line of await linesOf(slotLedgerPath(home))) {
    if ('calendar' in line) {
      followed =
        line.calendar === null ? null : { calendar: calendarOf(line.calendar), sinceMs: Date.parse(line.at) };
    } else if ('slot' in line) {
      outcomes.set(Date.parse(line.slot), line.outcome);
    }
    if ('asked' in line && line.asked !== undefined) asked.add(line.asked);
    if ('run' in line && line.run !== undefined) {
      last = { run: line.run, earlierReport: line.earlier_report ?? null };
    }
  }
  return { followed, outcomes, last, asked };
}

/** Records that this calendar is followed from `nowMs` on; null for none. Throws FileWriteError. */
export function recordCalendar(home: Home, calendar: Calendar | null, nowMs: number): Promise<void> {
  return append(home, {
    at: new Date(nowMs).toISOString(),
    calendar:
      calendar === null
        ? null
        : { launch_date: calendar.launchDate, timezone: calendar.timezone, hour: calendar.hour },
  });
}

/** Records the outcome of a slot. Throws FileWriteError. */
export function recordSlot(
  home: Home,
  slotMs: number,
  outcome: SlotOutcome,
  nowMs: number,
  beginning?: Beginning,
): Promise<void> {
  return append(home, {
    at: new Date(nowMs).toISOString(),
    slot: new Date(slotMs).toISOString(),
    outcome,
    ...(beginning === undefined ? {} : asLine(beginning)),
  });
}

/** Records that a run was begun for no slot, because a person asked for it. Throws FileWriteError. */
export function recordAsked(
  home: Home,
  beginning: Beginning & { readonly askedBy: string },
  nowMs: number,
): Promise<void> {
  return append(home, {
    at: new Date(nowMs).toISOString(),
    asked: beginning.askedBy,
    ...asLine(beginning),
  });
}

function asLine({ run, earlierReport, askedBy }: Beginning) {
  return {
    ...(askedBy === undefined ? {} : { asked: askedBy }),
    run,
    ...(earlierReport === null ? {} : { earlier_report: earlierReport }),
  };
}

/** The caller holds the calendar's lock. */
function append(home: Home, line: z.infer<typeof lineSchema>): Promise<void> {
  return appendJsonLine(slotLedgerPath(home), line);
}

function calendarOf(line: { launch_date: string; timezone: string; hour: number }): Calendar {
  return { launchDate: line.launch_date, timezone: line.timezone, hour: line.hour };
}

async function linesOf(path: string): Promise<z.infer<typeof lineSchema>[]> {
  const { lines } = await readLedgerText(path);
  return lines.map((line, index) => {
    try {
      return lineSchema.parse(JSON.parse(line));
    } catch (cause) {
      throw new SlotLedgerError(
        'SLOT_LEDGER_DAMAGED',
        `Line ${index + 1} of ${path} is not one that the program writes, so it is not known which slots were run.`,
        {
          remedy: 'Put the line right from a backup, or delete it, and restart the worker.',
          values: { line },
          cause,
        },
      );
    }
  });
}
