#!/usr/bin/env node
import { Command } from 'commander';
import { addCommands } from './commands.ts';
import { reportFailure } from './terminal.ts';

const program = new Command('clv').description(
  'Predicts what each customer of a shop will spend in the coming months.',
);

try {
  await addCommands(program, process.argv[2]);
  await program.parseAsync();
} catch (error) {
  reportFailure(error, process.argv.includes('--json'));
  process.exitCode = 1;
}
