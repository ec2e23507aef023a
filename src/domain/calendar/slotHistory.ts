import { type Calendar, slotsBetween } from './cadence.ts';

/** A slot that is handled within this time after its instant is on time; one that is handled later was missed. */
const ON_TIME_MS = 3_600_000;

/** What follows when slots were missed; see `schedule.catch_up` of the config. */
export const CATCH_UP_POLICIES = ['one', 'all', 'none'] as const;
/** What is done about missed slots: one run for all, one for each, or none. */
export type CatchUpPolicy = (typeof CATCH_UP_POLICIES)[number];

/**
 * What became of a slot. `run`: a run was begun for it. `covered`: the run of a later slot stands for it. `skipped`: no
 * run. `open`: nothing yet, and the calendar that it belongs to is no longer followed.
 */
export type SlotOutcome = 'run' | 'covered' | 'skipped' | 'open';

/** What is recorded about the slots. Instants, here and below, are milliseconds since 1970 UTC. */
export interface SlotHistory {
  /** The calendar that is followed, and since when: its earlier slots do not count. Null where none is followed. */
  readonly followed: { readonly calendar: Calendar; readonly sinceMs: number } | null;
  /** The latest outcome of each slot that has one, by the instant of the slot. */
  readonly outcomes: ReadonlyMap<number, SlotOutcome>;
}

/** The slots whose time has come and that have no outcome yet, or are `open`; oldest first. */
export function openSlots({ followed, outcomes }: SlotHistory, nowMs: number): number[] {
  const left = [...outcomes].filter(([, outcome]) => outcome === 'open').map(([slotMs]) => slotMs);
  const come =
    followed === null
      ? []
      : slotsBetween(followed.calendar, followed.sinceMs, nowMs)
          .map((slot) => slot.epochMs)
          .filter((slotMs) => !outcomes.has(slotMs));
  return [...left, ...come].sort((a, b) => a - b);
}

/** What to do about the open slots. */
export interface SlotDecision {
  /** The slot whose run begins now; null for none. */
  readonly run: number | null;
  /** Slots that get no run of their own, because this one stands for them too. */
  readonly covered: readonly number[];
  readonly skipped: readonly number[];
  /** Slots whose run begins when an earlier one is complete. */
  readonly waiting: readonly number[];
  /** Which of all the open slots were missed. */
  readonly missed: readonly number[];
}

/**
 * Decides about open slots, oldest first.
 *
 * @param isEarlierRunOpen whether the run that was begun last has not moved the cutoff on yet. Runs for missed slots
 *   wait for it, because it is the one that tells them their cutoff; a slot that is on time does not, so that a run
 *   that failed is tried again.
 */
export function decideSlots(
  open: readonly number[],
  now: { readonly nowMs: number; readonly policy: CatchUpPolicy; readonly isEarlierRunOpen: boolean },
): SlotDecision {
  const missed = open.filter((slotMs) => now.nowMs - slotMs > ON_TIME_MS);
  const onTime = open.slice(missed.length);
  const nothing = { run: null, covered: [], skipped: [], waiting: [], missed };
  switch (now.policy) {
    case 'none':
      return { ...nothing, run: onTime.at(-1) ?? null, covered: onTime.slice(0, -1), skipped: missed };
    case 'one':
      return { ...nothing, run: open.at(-1) ?? null, covered: open.slice(0, -1) };
    case 'all': {
      const run = (now.isEarlierRunOpen ? onTime[0] : open[0]) ?? null;
      return { ...nothing, run, waiting: open.filter((slotMs) => slotMs !== run) };
    }
  }
}
