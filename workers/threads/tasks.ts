/** What a thread of the compute pool can do. Each export is a task, called by its name. */
export { combineTask, findRivalsTask, forecastCombinedTask } from './combinationTasks.ts';
export { measurePairWithoutOutliersTask, resampleDifferencesTask } from './comparisonTasks.ts';
export {
  describeOutlookTask,
  fitActivityModelTask,
  fitPurchaseModelTask,
  forecastByBtydTask,
  forecastRowsTask,
  growBoosterTask,
  measureImportanceTask,
  predictDistributionsTask,
  rmseOfModelTask,
} from './contenderTasks.ts';
export { drawHeatMapTask } from './drawingTasks.ts';
export { measureForecastTask, measureWithoutOutliersTask } from './driftTasks.ts';
export {
  binFeature,
  fitLinearLeavesTask,
  growTrees,
  predictForestQuantiles,
  predictForestRows,
  predictRowsOutOfBag,
  trainWithMlRandomForest,
} from './forestTasks.ts';
export { evaluateFoldTask, measureFoldTask } from './gridTasks.ts';
export { drawTrainingReportTask } from './reportTasks.ts';
export { clusterCustomersTask, rankByValueTask, rankClustersTask } from './segmentTasks.ts';
export { describePopulationTask, measureStabilityTask } from './stabilityTasks.ts';
