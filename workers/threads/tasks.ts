/** What a thread of the compute pool can do. Each export is a task, called by its name. */
export { binFeature, growTrees, predictForestRows, predictRowsOutOfBag } from './forestTasks.ts';
export { clusterCustomersTask, rankByValueTask, rankClustersTask } from './segmentTasks.ts';
