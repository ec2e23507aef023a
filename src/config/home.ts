import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { homeIdOfPath } from './homeId.ts';

/** The folder that holds one shop's config, models and outputs, and the paths in it. */
export interface Home {
  readonly root: string;
  /** Distinguishes homes that share one Redis; made from the path if the home was not named. */
  readonly id: string;
  /** The file that distinguishes the files of this home from those of another one with the same id. */
  readonly identityFile: string;
  readonly configFile: string;
  readonly models: string;
  readonly cards: string;
  readonly outputs: string;
  readonly quarantine: string;
  readonly runReports: string;
  /** The drift history, acknowledgements and the record of alerts that were sent. */
  readonly monitoring: string;
  /** What the program keeps for itself: locks, the private Redis, what does not fit in memory. */
  readonly state: string;
}

/**
 * The home at `root`. Nothing is made; the folder need not exist yet.
 *
 * @param id the name of the home; by default its id is made from the path.
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

/** The folder in a home for what does not fit in memory, and for copies of orders while they are read. */
export function spillFolder(home: Home): string {
  return `${home.state}/spill`;
}

/** The real path of a folder, so that two ways to write it give the same home. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
