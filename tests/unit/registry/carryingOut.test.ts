import { expect, test } from 'vitest';
import { FileWriteError } from '../../../src/artefacts/files/replaceFile.ts';
import { carryingOut } from '../../../src/registry/carryingOut.ts';

const RECORDED = {
  sha256: '',
  decision: {
    at: '2026-01-01T12:00:00.000Z',
    gate: 'window',
    subject: 'search_1',
    decision: 'approve',
    approver: 'Ada',
    ticket: null,
    note: 'the winner',
    window: null,
    champion_before: null,
  },
} as unknown as Parameters<typeof carryingOut>[0];
const LEFT = {
  decision: 'All is left.',
  config: 'The training is left.',
  status: 'Hardly anything is left.',
};
const full = new FileWriteError('FILE_WRITE_FAILED', 'x could not be written.', { remedy: 'Make room.' });

test.each([
  [[], 'decision'],
  [['config'], 'config'],
  [['config', 'status'], 'status'],
] as const)('a disk that is full after the steps %j says what is left', async (steps, last) => {
  const work = async (done: (step: keyof typeof LEFT) => void) => {
    for (const step of steps) done(step);
    throw full;
  };
  await expect(carryingOut(RECORDED, LEFT, work)).rejects.toMatchObject({
    code: 'DECISION_UNFINISHED',
    message: expect.stringContaining(`${LEFT[last]} x could not be written.`),
    values: { subject: 'search_1', done: last },
  });
});

test('an error that is not of a file is handed on as it is', async () => {
  const away = new Error('Redis is away');
  await expect(carryingOut(RECORDED, LEFT, () => Promise.reject(away))).rejects.toBe(away);
});
