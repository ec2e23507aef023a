import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { homeIdOfPath } from './homeId.ts';

/** The folder that holds one shop's config, models and outputs, and the paths in it. */
export interface Home {
  readonly root: string;
  /** Tells homes apart that share one Redis; made of the path where nobody named the home. */
  readonly id: string;
  /** Tells its files from those of another home that was given the same id. */
  readonly identityFile: string;
  readonly configFile: string;
  readonly models: string;
  readonly cards: string;
  readonly outputs: string;
  readonly quarantine: string;
  readonly runReports: string;
  /** The drift history, acknowledgements and the record of alerts that were sent. */
  readonly monitoring: string;
  /** What the program keeps for itself: the private Redis, what spills from memory. */
  readonly state: string;
}

/**
 * The home at `root`. Nothing is read or made; a folder that does not exist yet is described as well.
 *
 * @param id where it is not to be made of the path.
 */
export function homeAt(root: string, id?: string): Home {
  const path = resolve(root);
  return {
    root: path,
    id: id ?? homeIdOfPath(realPath(path)),
    identityFile: `${path}/outputs/.identity`,
    configFile: `${path}/config/model_config.yaml`,
    models: `${path}/models`,
    cards: `${path}/models/cards`,
    outputs: `${path}/outputs`,
    quarantine: `${path}/outputs/data_quality`,
    runReports: `${path}/outputs/run_reports`,
    monitoring: `${path}/outputs/monitoring`,
    state: `${path}/.clv`,
  };
}

/** Where in a home goes what does not fit in memory, and copies of orders while they are read. */
export function spillFolder(home: Home): string {
  return `${home.state}/spill`;
}

/** Two ways to write one folder are one home. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
