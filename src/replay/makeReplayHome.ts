import { randomBytes } from 'node:crypto';
import { parseDocument } from 'yaml';
import { makeFolder } from '../artefacts/files/makeFolder.ts';
import { namesIn } from '../artefacts/files/namesIn.ts';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import { type Home, homeAt } from '../config/home.ts';
import { initHome } from '../config/initHome.ts';
import { parseConfig, readConfigText } from '../config/loadConfig.ts';
import type { IsoDate } from '../domain/calendar/dates.ts';
import { ClvError } from '../domain/errors.ts';

/** Where a replay keeps the orders that are known on the simulated day, below its home. */
export const KNOWN_ORDERS = 'data/known_orders.parquet';

/** The folder that a replay was to play in holds something else. */
export class ReplayFolderTakenError extends ClvError {}

/**
 * Makes the home that a replay plays in: the config of `source` with the orders as the shop will have known them, launched
 * on `launchDate`, without channels for alerts. No home in use is touched. Throws ReplayFolderTakenError where the folder is not empty.
 */
export async function makeReplayHome(source: Home, folder: string, launchDate: IsoDate): Promise<Home> {
  // Not of its path: jobs of an earlier replay in this folder may still be in Redis.
  const home = homeAt(folder, `replay-${randomBytes(4).toString('hex')}`);
  const present = await namesIn(home.root);
  if (present.length > 0) {
    throw new ReplayFolderTakenError('REPLAY_FOLDER_TAKEN', `${home.root} is not empty.`, {
      remedy: 'Name an empty or new folder with --out, or remove that one.',
    });
  }
  await initHome(home);
  await makeFolder(`${home.root}/data`);
  const document = parseDocument(await readConfigText(source));
  for (const [path, value] of [
    [['data', 'orders'], KNOWN_ORDERS],
    [['data', 'grain'], 'order'],
    [
      ['data', 'columns'],
      { customer_id: 'customer_id', order_date: 'order_date', revenue: 'revenue', order_id: null },
    ],
    [['data', 'date_format'], null],
    [['data', 'decimal_mark'], null],
    [['schedule', 'launch_date'], launchDate],
    [['run', 'last_score_cutoff'], launchDate],
    // Nobody is to be told of drift that is only played.
    [['monitoring', 'alerts'], { webhook: null, slack: null, email: null }],
  ] as const) {
    document.setIn(path, value);
  }
  const text = document.toString({ lineWidth: 0 });
  parseConfig(text, home.configFile);
  await replaceFile(home.configFile, text);
  return home;
}
