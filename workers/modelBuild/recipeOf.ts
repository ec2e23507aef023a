import { completeForestParams, type ForestParams } from '../../src/domain/forest/params.ts';
import type { ModelCard } from '../../src/registry/modelCard.ts';
import type { FitSettings } from './fitAndMeasure.ts';

/** What determines a model, besides the orders and the program. */
export interface Recipe extends FitSettings {
  readonly modelId: string;
}

/** What has to be known to fit a model once more, from its card. Throws ForestParamsError for a card that is damaged. */
export function recipeOf(card: ModelCard): Recipe {
  const { engine = 'forest', winsorise = null, levelShift = 'lasts', ...params } = card.hyper_parameters;
  return {
    modelId: card.model_id,
    historyMonths: card.history_months,
    predMonths: card.pred_months,
    features: card.features,
    params: completeForestParams(params as Partial<ForestParams>),
    engine: engine as FitSettings['engine'],
    winsorise: winsorise as FitSettings['winsorise'],
    levelShift: levelShift as FitSettings['levelShift'],
    // It was trained once, so it can be trained again, however long that takes.
    isEngineForced: true,
  };
}
