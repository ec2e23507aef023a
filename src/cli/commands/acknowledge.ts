import type { Command } from 'commander';
import { acknowledgeAlert } from '../../alerts/acknowledgeAlert.ts';
import { alertFigures } from '../../alerts/alertFigures.ts';
import { demandHome } from '../../config/loadConfig.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { nameOption } from '../options.ts';

export function addAcknowledgeCommand(program: Command): void {
  withCommonOptions(
    program
      .command('acknowledge')
      .description('record that a person takes care of a drift alert')
      .argument('<alert>', 'id of the alert (clv alerts)'),
  )
    .requiredOption('--by <name>', 'who takes care of it', nameOption)
    .requiredOption('--note <text>', 'why it happened, or what is done about it')
    .action(async (id: string, options) => {
      const { home, terminal } = contextOf(options);
      await demandHome(home);
      const { by, note } = options;
      const alert = await acknowledgeAlert(home, id, { by, note, nowMs: systemClock.now() });
      terminal.result(`${id} acknowledged by ${alert.acknowledgement?.by}`, alertFigures(alert));
    });
}
