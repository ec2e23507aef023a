import { addDays, type IsoDate, toEpochDay } from '../calendar/dates.ts';
import { historyWindow, windowDays } from '../calendar/windows.ts';
import { ClvError } from '../errors.ts';

/** What a shop's orders have to reach before a forecast is built on them. */
export interface EligibilityLimits {
  readonly minCustomers: number;
  /** Days of orders beyond the longest window. */
  readonly minDaysBeyondWindow: number;
  readonly maxDaysSinceLastOrder: number;
  /** Customers with two orders or more. */
  readonly minRepeatBuyers: number;
}

/** What the orders are. */
export interface EligibilityFacts {
  readonly customers: number;
  readonly repeatBuyers: number;
  readonly firstDate: IsoDate;
  readonly lastDate: IsoDate;
  readonly today: IsoDate;
  /** The longer of the history and the prediction window, in months. */
  readonly longestWindowMonths: number;
}

/** One question about the data, answered. */
export interface EligibilityFinding {
  readonly name: 'customers' | 'history' | 'recency' | 'repeat_buyers';
  readonly isMet: boolean;
  /** What there is and what is needed, in plain words. */
  readonly says: string;
}

/** The data cannot carry a forecast, and nobody has said that it should be tried all the same. */
export class NotEligibleError extends ClvError {
  constructor(findings: readonly EligibilityFinding[]) {
    const missing = findings.filter((finding) => !finding.isMet);
    super(
      'DATA_NOT_ELIGIBLE',
      `The orders cannot carry a forecast yet: ${missing.map((finding) => finding.says).join('; ')}.`,
      {
        remedy:
          'Bring more orders, change the limits under eligibility in the config, or override the check with a note that says why.',
        values: { missing: missing.map((finding) => finding.name) },
      },
    );
  }
}

/** Every question, in the order in which a person would mend things. */
export function checkEligibility(facts: EligibilityFacts, limits: EligibilityLimits): EligibilityFinding[] {
  const spanDays = toEpochDay(facts.lastDate) + 1 - toEpochDay(facts.firstDate);
  const windowLength = windowDays(historyWindow(addDays(facts.lastDate, 1), facts.longestWindowMonths));
  const neededDays = windowLength + limits.minDaysBeyondWindow;
  const age = toEpochDay(facts.today) - toEpochDay(facts.lastDate);
  return [
    {
      name: 'customers',
      isMet: facts.customers >= limits.minCustomers,
      says: `${count(facts.customers)} customers have orders, ${count(limits.minCustomers)} are needed`,
    },
    {
      name: 'history',
      isMet: spanDays >= neededDays,
      says: `the orders span ${count(spanDays)} days, ${count(neededDays)} are needed (a window of ${facts.longestWindowMonths} months and ${limits.minDaysBeyondWindow} days)`,
    },
    {
      name: 'recency',
      isMet: age <= limits.maxDaysSinceLastOrder,
      says: `the last order is ${count(age)} days old (${facts.lastDate}), ${limits.maxDaysSinceLastOrder} is the most`,
    },
    {
      name: 'repeat_buyers',
      isMet: facts.repeatBuyers >= limits.minRepeatBuyers,
      says: `${count(facts.repeatBuyers)} customers ordered more than once, ${count(limits.minRepeatBuyers)} are needed`,
    },
  ];
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}
