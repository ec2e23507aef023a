import { expect, test } from 'vitest';
import {
  checkEligibility,
  demandEligible,
  NotEligibleError,
} from '../../../src/domain/eligibility/eligibility.ts';

const limits = {
  minCustomers: 500,
  minDaysBeyondWindow: 180,
  maxDaysSinceLastOrder: 30,
  minRepeatBuyers: 50,
};
const facts = {
  customers: 500,
  repeatBuyers: 50,
  payingCustomers: 1,
  firstDate: '2023-07-05',
  lastDate: '2024-12-31',
  today: '2025-01-30',
  longestWindowMonths: 12,
};
const unmet = (change: Partial<typeof facts>): string[] =>
  checkEligibility({ ...facts, ...change }, limits)
    .filter((finding) => !finding.isMet)
    .map((finding) => finding.name);

test('orders that reach every limit exactly are eligible', () => {
  expect(unmet({})).toEqual([]);
});

test.each([
  ['customers', { customers: 499 }],
  ['repeat_buyers', { repeatBuyers: 49 }],
  ['history', { firstDate: '2023-07-06' }],
  ['recency', { today: '2025-01-31' }],
  ['revenue', { payingCustomers: 0 }],
])('one short of the limit of %s is not', (name, change) => {
  expect(unmet(change)).toEqual([name]);
});

test('the error says in plain words all that is missing', () => {
  const findings = checkEligibility({ ...facts, customers: 12, repeatBuyers: 3 }, limits);
  expect(new NotEligibleError(findings).message).toBe(
    'The orders cannot carry a forecast yet: 12 customers with orders, 500 needed; 3 customers ordered more than once, 50 needed.',
  );
});

test('what there is one of is told as one', () => {
  const lone = { customers: 1, repeatBuyers: 1, firstDate: '2024-12-31', longestWindowMonths: 1 };
  const findings = checkEligibility({ ...facts, ...lone }, { ...limits, minDaysBeyondWindow: 1 });
  expect(findings.map(({ says }) => says)).toEqual([
    '1 customer with orders, 500 needed',
    'the orders span 1 day, 32 needed (a window of 1 month and 1 day)',
    'the last order is 30 days old (2024-12-31), 30 is the most',
    '1 customer ordered more than once, 50 needed',
    '1 customer paid more than they got back',
  ]);
});

test('the age of orders is not judged where a person chose months of the past', () => {
  const [, , recency] = checkEligibility({ ...facts, lastDate: '2011-12-09', today: null }, limits);
  expect(recency).toEqual({
    name: 'recency',
    isMet: true,
    says: 'the last order is of 2011-12-09; its age is not judged',
  });
});

test('a note lets orders pass that fall short; orders that do not need none', () => {
  const short = checkEligibility({ ...facts, customers: 12 }, limits);
  expect(() => demandEligible(short, null)).toThrow(/12 customers with orders/);
  expect(() => demandEligible(short, 'a pilot')).not.toThrow();
  expect(() => demandEligible(checkEligibility(facts, limits), null)).not.toThrow();
});
