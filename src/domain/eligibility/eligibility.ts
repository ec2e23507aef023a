import { addDays, type IsoDate, toEpochDay } from '../calendar/dates.ts';
import { historyWindow, windowDays } from '../calendar/windows.ts';
import { ClvError } from '../errors.ts';
import { counted } from '../words/counted.ts';

/** What a shop's orders must fulfil before a forecast is built on them. */
export interface EligibilityLimits {
  readonly minCustomers: number;
  /** Days of orders beyond the longest window. */
  readonly minDaysBeyondWindow: number;
  readonly maxDaysSinceLastOrder: number;
  /** Customers with two orders or more that are not returns. */
  readonly minRepeatBuyers: number;
}

/** The figures of the orders that are held against the limits. */
export interface EligibilityFacts {
  readonly customers: number;
  readonly repeatBuyers: number;
  /** Customers who paid more than they got back. */
  readonly payingCustomers: number;
  readonly firstDate: IsoDate;
  readonly lastDate: IsoDate;
  /** Null where the age of the orders is not to be judged, because a person chose months of the past. */
  readonly today: IsoDate | null;
  /** The longer of the history and the prediction window, in months. */
  readonly longestWindowMonths: number;
}

/** The names of the questions about the data. */
export const ELIGIBILITY_QUESTIONS = ['customers', 'history', 'recency', 'repeat_buyers', 'revenue'] as const;

/** One question about the data, answered. */
export interface EligibilityFinding {
  readonly name: (typeof ELIGIBILITY_QUESTIONS)[number];
  readonly isMet: boolean;
  /** What there is and what is needed, in plain words. */
  readonly says: string;
}

/** The data is not enough for a forecast, and nobody has asked to try it all the same. */
export class NotEligibleError extends ClvError {
  constructor(findings: readonly EligibilityFinding[]) {
    const missing = findings.filter((finding) => !finding.isMet);
    super(
      'DATA_NOT_ELIGIBLE',
      `The orders cannot carry a forecast yet: ${missing.map((finding) => finding.says).join('; ')}.`,
      {
        remedy:
          'Bring more orders, change the limits under eligibility in the config, or override the check and say why: --override-eligibility NOTE, or override_eligibility in a request.',
        values: { missing: missing.map((finding) => finding.name) },
      },
    );
  }
}

/**
 * Throws NotEligibleError where a finding is not met.
 *
 * @param override the note of the person who wants a forecast all the same; null for none.
 */
export function demandEligible(findings: readonly EligibilityFinding[], override: string | null): void {
  if (override === null && findings.some((finding) => !finding.isMet)) throw new NotEligibleError(findings);
}

/** The findings as they are kept in files, with the note of the person who overrode them, or null. */
export function eligibilityRecord(
  findings: readonly EligibilityFinding[],
  override: string | null,
): {
  findings: { name: EligibilityFinding['name']; is_met: boolean; says: string }[];
  override: string | null;
} {
  return {
    findings: findings.map(({ name, isMet, says }) => ({ name, is_met: isMet, says })),
    override,
  };
}

/** The answers to all questions, in the order in which a person would put things right. */
export function checkEligibility(facts: EligibilityFacts, limits: EligibilityLimits): EligibilityFinding[] {
  const spanDays = toEpochDay(facts.lastDate) + 1 - toEpochDay(facts.firstDate);
  const windowLength = windowDays(historyWindow(addDays(facts.lastDate, 1), facts.longestWindowMonths));
  const neededDays = windowLength + limits.minDaysBeyondWindow;
  return [
    {
      name: 'customers',
      isMet: facts.customers >= limits.minCustomers,
      says: `${counted(facts.customers, 'customer')} with orders, ${count(limits.minCustomers)} needed`,
    },
    {
      name: 'history',
      isMet: spanDays >= neededDays,
      says: `the orders span ${counted(spanDays, 'day')}, ${count(neededDays)} needed (a window of ${counted(facts.longestWindowMonths, 'month')} and ${counted(limits.minDaysBeyondWindow, 'day')})`,
    },
    recency(facts, limits),
    {
      name: 'repeat_buyers',
      isMet: facts.repeatBuyers >= limits.minRepeatBuyers,
      says: `${counted(facts.repeatBuyers, 'customer')} ordered more than once, ${count(limits.minRepeatBuyers)} needed`,
    },
    revenue(facts),
  ];
}

/** Whether there is any revenue to forecast; where there is none, amounts are usually taken from a wrong column. */
function revenue({ payingCustomers }: EligibilityFacts): EligibilityFinding {
  return {
    name: 'revenue',
    isMet: payingCustomers > 0,
    says:
      payingCustomers > 0
        ? `${counted(payingCustomers, 'customer')} paid more than they got back`
        : 'no customer paid more than they got back (every amount is 0, negative, or cancelled by a return): see whether data.columns.revenue in the config names the column with the amounts paid',
  };
}

function recency({ today, lastDate }: EligibilityFacts, limits: EligibilityLimits): EligibilityFinding {
  const name = 'recency';
  if (today === null)
    return { name, isMet: true, says: `the last order is of ${lastDate}; its age is not judged` };
  const age = toEpochDay(today) - toEpochDay(lastDate);
  return {
    name,
    isMet: age <= limits.maxDaysSinceLastOrder,
    says: `the last order is ${counted(age, 'day')} old (${lastDate}), ${limits.maxDaysSinceLastOrder} is the most`,
  };
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}
