import { expect, test } from 'vitest';
import {
  completeOverride,
  completeSignature,
  demandDistinctApprovers,
  demandMayTrainAndSign,
  isSamePerson,
} from '../../../src/domain/governance/signature.ts';

const given = { approver: 'Ada', note: 'better', ticket: null };
const missing = expect.objectContaining({ code: 'SIGNATURE_MISSING' });
const notSeparate = expect.objectContaining({ code: 'DUTIES_NOT_SEPARATE' });

test('a signature is kept on one line, with its ticket if there is one', () => {
  expect(
    completeSignature({ approver: ' Ada\tLovelace ', note: 'better\r\nby far', ticket: ' T-1 ' }),
  ).toEqual({ approver: 'Ada Lovelace', note: 'better by far', ticket: 'T-1' });
  expect(completeSignature({ ...given, ticket: ' \n' })).toEqual(given);
  expect(completeSignature(given)).toEqual(given);
});

test.each([
  ['approver', 200],
  ['note', 2000],
  ['ticket', 200],
])('its %s has %d characters at most', (part, most) => {
  const longest = { ...given, [part]: 'x'.repeat(most) };
  expect(completeSignature(longest)).toEqual(longest);
  expect(() => completeSignature({ ...given, [part]: 'x'.repeat(most + 1) })).toThrow(missing);
});

test('a name or a reason that nobody can see is missing', () => {
  for (const text of ['', ' \n', '\u200b\u0301']) {
    expect(() => completeSignature({ ...given, approver: text })).toThrow(missing);
    expect(() => completeSignature({ ...given, note: text })).toThrow(missing);
    expect(() => completeOverride(text)).toThrow(missing);
  }
  expect(completeOverride(' known\nseason ')).toBe('known season');
});

test('one person is the same, however the name is written', () => {
  for (const name of ['ada lovelace', ' Ada  Lovelace', 'Ada Love\u200blace', 'Ａda Lovelace'])
    expect(isSamePerson('Ada Lovelace', name), name).toBe(true);
  expect(isSamePerson('Ada', 'Bob')).toBe(false);
});

test('who approved the window signs the model only where approvers need not be distinct', () => {
  expect(() => demandDistinctApprovers(true, 'Ada', 'ADA')).toThrow(notSeparate);
  demandDistinctApprovers(true, 'Ada', 'Bob');
  demandDistinctApprovers(true, 'Ada', null);
  demandDistinctApprovers(false, 'Ada', 'Ada');
  expect(() => demandMayTrainAndSign(true)).toThrow(notSeparate);
  demandMayTrainAndSign(false);
});
