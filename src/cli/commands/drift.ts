import type { Command } from 'commander';
import { driftFigures } from '../../alerts/driftFigures.ts';
import { readDriftHistory } from '../../alerts/driftHistory.ts';
import { maturityRules } from '../../config/calendarSettings.ts';
import { demandHome, loadConfig } from '../../config/loadConfig.ts';
import { standingResults } from '../../domain/drift/driftResult.ts';
import { isInSample } from '../../domain/drift/inSample.ts';
import { labelsEnds } from '../../registry/labelsEnds.ts';
import { uncomparedWindows } from '../../schedule/uncomparedWindows.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { describeDrift } from '../describeDrift.ts';

export function addDriftCommand(program: Command): void {
  withCommonOptions(
    program
      .command('drift')
      .description('show how predictions did whose months have passed, window by window'),
  ).action(async (options) => {
    const { home, terminal } = contextOf(options);
    await demandHome(home);
    const results = standingResults(await readDriftHistory(home));
    const ends = await labelsEnds(
      home,
      results.map(({ modelId }) => modelId),
    );
    const windows = results.map((result) => ({
      result,
      isInSample: isInSample(result, ends.get(result.modelId)),
    }));
    // The history can be read where the config cannot; only what is due is not known then.
    const config = await loadConfig(home).catch(() => null);
    const waiting =
      config === null ? [] : await uncomparedWindows(home, maturityRules(config), systemClock.now());
    terminal.result(
      describeDrift(windows, waiting),
      windows.map((it) => ({ ...driftFigures(it.result), in_sample: it.isInSample })),
    );
  });
}
