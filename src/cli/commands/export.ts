import type { Command } from 'commander';
import { exportForest } from '../../artefacts/forestExport.ts';
import { demandHome } from '../../config/loadConfig.ts';
import { ClvError } from '../../domain/errors.ts';
import { forestAlone } from '../../domain/forecast/forestAlone.ts';
import { treeCount } from '../../domain/forest/packedTrees.ts';
import { counted } from '../../domain/words/counted.ts';
import { readForecaster } from '../../registry/modelBinary.ts';
import { readCard } from '../../registry/modelCard.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { pathOption } from '../options.ts';

export function addExportCommand(program: Command): void {
  withCommonOptions(
    program
      .command('export')
      .description('write the forest of a model for other stacks: ONNX, or JSON of ml-random-forest')
      .argument('<model>', 'id of the model, trained with modeling.engine forest or ml-random-forest'),
  )
    .requiredOption('--out <file>', 'a .onnx or .json file', pathOption)
    .action(async (modelId: string, options) => {
      const { home, terminal } = contextOf(options);
      await demandHome(home);
      const forest = forestAlone(await readForecaster(home, await readCard(home, modelId)));
      if (forest === null) throw moreThanAForest(modelId);
      await exportForest(options.out, forest);
      const trees = treeCount(forest);
      const features = forest.featureNames;
      terminal.result(
        [
          `Written    ${options.out}: ${counted(trees, 'tree')}, ${counted(features.length, 'feature')} in the order of the card`,
          '           A forecast below 0 counts as 0 here.',
        ].join('\n'),
        { out: options.out, model_id: modelId, trees, features },
      );
    });
}

function moreThanAForest(modelId: string): ClvError {
  return new ClvError(
    'EXPORT_NOT_A_FOREST',
    `${modelId} is more than a forest: its forecasts are made by several contenders together, which no other stack knows.`,
    {
      remedy:
        'Score with it here and hand the files of outputs/ on, or train a single forest: modeling.engine: forest in the config.',
      values: { modelId },
    },
  );
}
