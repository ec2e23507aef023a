import type { Command } from 'commander';
import { initHome } from '../../config/initHome.ts';
import { contextOf, withCommonOptions } from '../command.ts';

export function addInitCommand(program: Command): void {
  withCommonOptions(
    program.command('init').description('make a home: config/, models/, outputs/ and a commented config'),
  ).action(async (options) => {
    const { home, terminal } = contextOf(options);
    const isNew = await initHome(home);
    terminal.result(
      isNew
        ? `${home.configFile} is written. Set data.orders in it, then: clv train --home ${home.root}`
        : `${home.root} is a home already; its config was left as it is.`,
      { home: home.root, config: home.configFile, created: isNew },
    );
  });
}
