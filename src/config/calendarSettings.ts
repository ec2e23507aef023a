import type { Calendar } from '../domain/calendar/cadence.ts';
import type { MaturityRules } from '../domain/calendar/maturity.ts';
import type { RunHour } from '../domain/calendar/runStart.ts';
import type { ModelConfig } from './schema.ts';

/** The calendar that the config asks for; null where no launch date is set, so that nothing runs by itself. */
export function calendarOf({ general, schedule }: ModelConfig): Calendar | null {
  if (schedule.launch_date === null) return null;
  return { launchDate: schedule.launch_date, timezone: general.timezone, hour: schedule.hour };
}

/** When the run of a future cutoff begins on its day. */
export function runHour({ general, schedule }: ModelConfig): RunHour {
  return { timezone: general.timezone, hour: schedule.hour };
}

/** When prediction windows are compared with reality. */
export function maturityRules({ general, schedule }: ModelConfig): MaturityRules {
  return { timezone: general.timezone, dataLagHours: schedule.data_lag_hours };
}
