import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** The folder that holds one shop's config, models and outputs, and the paths in it. */
export interface Home {
  readonly root: string;
  /** Tells homes apart that share one Redis. */
  readonly id: string;
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

/** The home at `root`. Nothing is read or made; a folder that does not exist yet is described as well. */
export function homeAt(root: string): Home {
  const path = resolve(root);
  return {
    root: path,
    id: createHash('sha256').update(realPath(path)).digest('hex').slice(0, 10),
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

/** Two ways to write one folder are one home. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
