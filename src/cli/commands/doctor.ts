import type { Command } from 'commander';
import { type Finding, runCheckUp } from '../checkUp.ts';
import { contextOf, withCommonOptions } from '../command.ts';

export function addDoctorCommand(program: Command): void {
  withCommonOptions(
    program
      .command('doctor')
      .description('check Node, Redis, config, data and disk; say what is wrong and how to mend it'),
  ).action(async (options) => {
    const { home, terminal } = contextOf(options);
    const findings = await runCheckUp(home, (name) => terminal.progress(`  … ${name}`));
    const isWell = findings.every((finding) => finding.state !== 'wrong');
    terminal.result(
      `${findings.map(describe).join('\n')}\n${isWell ? 'All is well enough to work.' : 'Something is wrong; see the lines with ✗.'}`,
      { ok: isWell, findings },
    );
    if (!isWell) process.exitCode = 1;
  });
}

function describe({ state, what, says, remedy }: Finding): string {
  const mark = { well: '✓', mind: '!', wrong: '✗' }[state];
  const advice = remedy === undefined ? '' : `\n             ${remedy.replaceAll('\n', '\n             ')}`;
  return `${mark} ${what.padEnd(10)} ${says.replaceAll('\n', '\n             ')}${advice}`;
}
