import { expect, test } from 'vitest';
import { tellOnceAMinute } from '../../../workers/repeatedErrors.ts';

function listen() {
  const told: [string, number][] = [];
  let nowMs = 0;
  const hear = tellOnceAMinute(
    ({ message }, repeated) => told.push([message, repeated]),
    () => nowMs,
  );
  return {
    told,
    hear: (message: string, atMs: number) => {
      nowMs = atMs;
      hear(new Error(message));
    },
  };
}

test('an error that comes many times a second is told at once, and then once a minute with their number', () => {
  const { told, hear } = listen();
  for (let atMs = 0; atMs <= 120_000; atMs += 100) hear('full', atMs);
  expect(told).toEqual([
    ['full', 0],
    ['full', 599],
    ['full', 599],
  ]);
});

test('errors of other words do not wait for each other', () => {
  const { told, hear } = listen();
  for (const message of ['full', 'away', 'full']) hear(message, 0);
  expect(told).toEqual([
    ['full', 0],
    ['away', 0],
  ]);
});

test('errors that never repeat are all told, and not all kept', () => {
  const { told, hear } = listen();
  for (let i = 0; i < 1000; i++) hear(`error ${i}`, 0);
  expect(told).toHaveLength(1000);
});
