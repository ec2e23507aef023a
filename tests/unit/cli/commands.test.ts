import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addCommands } from '../../../src/cli/commands.ts';

async function namesOf(firstWord: string | undefined): Promise<string[]> {
  const program = new Command('clv');
  await addCommands(program, firstWord);
  return program.commands.map((command) => command.name());
}

test('each command is loaded alone by its own name, and all of them for help and for a word that names none', async () => {
  const all = await namesOf(undefined);
  expect(all.slice(0, 2)).toEqual(['demo', 'init']);
  expect(new Set(all).size).toBe(all.length);
  for (const name of all) expect(await namesOf(name)).toEqual([name]);
  for (const word of ['--help', 'trian', 'toString']) expect(await namesOf(word)).toEqual(all);
});
