import type { Command } from 'commander';
import { demandHome } from '../../config/loadConfig.ts';
import { type AuditLine, auditRegistry } from '../../registry/audit.ts';
import { contextOf, withCommonOptions } from '../command.ts';

export function addAuditCommand(program: Command): void {
  withCommonOptions(
    program
      .command('audit')
      .description('check that ledgers, cards and binaries are as they were written; exit 1 if not'),
  ).action(async (options) => {
    const { home, terminal } = contextOf(options);
    await demandHome(home);
    const lines = await auditRegistry(home);
    const isWell = lines.every((line) => line.state !== 'wrong');
    const width = Math.max(...lines.map((line) => line.what.length));
    terminal.result(
      [
        ...lines.map((line) => describe(line, width)),
        isWell ? 'All is as it was written.' : 'Something is not as it was written; see the lines with ✗.',
      ].join('\n'),
      { ok: isWell, lines },
    );
    if (!isWell) process.exitCode = 1;
  });
}

function describe({ what, state, says }: AuditLine, width: number): string {
  return `${{ well: '✓', mind: '!', wrong: '✗' }[state]} ${what.padEnd(width)}  ${says}`;
}
