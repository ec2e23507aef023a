import { open, rm } from 'node:fs/promises';
import { basename, relative } from 'node:path';
import type { Command } from 'commander';
import { mergeJobId } from '../../../queues/maturity.ts';
import { plainTraining } from '../../../queues/modelBuild.ts';
import { makeFolder } from '../../artefacts/files/makeFolder.ts';
import { filesBelow, namesIn } from '../../artefacts/files/namesIn.ts';
import { replaceFile } from '../../artefacts/files/replaceFile.ts';
import { type Home, homeAt } from '../../config/home.ts';
import { initHome } from '../../config/initHome.ts';
import { ConfigMissingError, loadConfig, readConfigText } from '../../config/loadConfig.ts';
import { CONFIG_TEMPLATE } from '../../config/template.ts';
import { addDays } from '../../domain/calendar/dates.ts';
import { fileTimestamp } from '../../domain/calendar/timestamps.ts';
import { predictionWindow } from '../../domain/calendar/windows.ts';
import { ClvError } from '../../domain/errors.ts';
import { counted } from '../../domain/words/counted.ts';
import { ensureRedisBinary } from '../../redis/ensureRedisBinary.ts';
import { readChampion } from '../../registry/champion.ts';
import { scoreRunOf } from '../../registry/scoreRunOf.ts';
import { writeDemoShop } from '../../sample/demoShop.ts';
import { systemClock } from '../../systemClock.ts';
import { contextOf, withCommonOptions } from '../command.ts';
import { runScoring } from '../runScoring.ts';
import { runTraining } from '../runTraining.ts';
import { withSession } from '../session.ts';
import { describeTraining } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';

/** The demo always plays the same months, so that everybody sees the same figures. */
const SHOP_END = '2026-01-01';

/** Begins the config of a home that the demo made, and tells it from the home of a shop. */
const DEMO_MARK = '# The home of clv demo, which empties it whenever it begins.\n';

export function addDemoCommand(program: Command): void {
  withCommonOptions(
    program
      .command('demo')
      .description(
        'play the whole operational flow on a sample shop, in a home of its own: the folder demo, or that of --home',
      ),
  ).action(async (options) => {
    const home = homeAt(options.home === '.' ? 'demo' : options.home);
    // What fails is said in words, and the merge that cannot succeed here (step 4) is no alarm.
    const { terminal, log } = contextOf({ ...options, home: home.root }, 'fatal');
    const startedAt = performance.now();
    terminal.say(`CLV Horizon demo in ${home.root}\n`);
    await demandOwnHome(home);
    terminal.say('1  A shop to practise on');
    await makeDemoHome(home, terminal);
    if (!process.env.REDIS_URL)
      await ensureRedisBinary({ mayInstall: true, log: (sentence) => terminal.say(`   ${sentence}`) });
    const config = await loadConfig(home);
    await withSession({ home, terminal, log }, config, async (session) => {
      const { pool } = await session.work('helper');
      terminal.say(
        `\n2  Queues on ${session.lease.version} at ${session.lease.address}, ${counted(pool.threads, 'thread')} to compute on`,
      );
      terminal.say('\n3  Train a model, and measure it on months that it has not seen');
      const modelId = `clv_model_${fileTimestamp(systemClock.now())}`;
      const training = await runTraining(
        session.queues,
        {
          ...plainTraining(modelId),
          overrideEligibility:
            'The demo plays months of the past, so that its figures are the same every day.',
          signOff: { approver: 'Demo', note: 'Trained and signed off by the demo.', ticket: null },
        },
        terminal,
      );
      terminal.say(describeTraining(training).split('\n').slice(0, -1).join('\n'));
      terminal.say('\n4  Score every customer: five jobs, one after the other');
      const run = scoreRunOf(await readChampion(home), SHOP_END);
      const result = await runScoring(session.queues, run, terminal);
      terminal.say(`  The next run will score ${result.next_cutoff}.`);
      const { end } = predictionWindow(run.cutoff, run.predMonths);
      terminal.say(
        `  What the months to ${end} brought is merged once their orders are there; the demo has none, and once these months are past the job ${mergeJobId(run)} fails and says so.`,
      );
    });
    terminal.say('\n5  What was made');
    terminal.result(await listFiles(home), { home: home.root, files: await filesOf(home) });
    terminal.say(
      `\nDone in ${((performance.now() - startedAt) / 1000).toFixed(1)} s. To look at the shop, and at its jobs on the board:`,
    );
    terminal.say(
      `  npx clv serve --home ${relative(process.cwd(), home.root) || '.'}   then open http://127.0.0.1:3000/dashboard and http://127.0.0.1:3000/queues`,
    );
  });
}

/** Throws ClvError `DEMO_HOME_TAKEN` where there is a home that the demo did not make: it would be emptied. */
async function demandOwnHome(home: Home): Promise<void> {
  const config = await readConfigText(home).catch((error) => {
    if (error instanceof ConfigMissingError) return null;
    throw error;
  });
  const isOwn = config === null ? (await filesOf(home)).length === 0 : config.startsWith(DEMO_MARK);
  if (isOwn) return;
  throw new ClvError(
    'DEMO_HOME_TAKEN',
    `${home.root} is a home that the demo did not make, and the demo empties its home.`,
    { remedy: 'Name a new folder: clv demo --home DIR', values: { home: home.root } },
  );
}

/**
 * A fresh home each time, so that the demo does not depend on what was played before; Redis' data is kept out of the way,
 * and so is what Redis knows the home by.
 */
async function makeDemoHome(home: Home, terminal: Terminal): Promise<void> {
  for (const folder of [home.models, home.outputs, `${home.root}/config`]) {
    for (const name of await namesIn(folder)) {
      const path = `${folder}/${name}`;
      if (path !== home.identityFile) await rm(path, { recursive: true, force: true });
    }
  }
  await makeFolder(`${home.root}/data`);
  const summary = await writeDemoShop(`${home.root}/data/orders.csv.gz`, SHOP_END);
  const config = CONFIG_TEMPLATE.replace('\n  orders: null', '\n  orders: data/orders.csv.gz').replace(
    'launch_date: null',
    `launch_date: ${addDays(SHOP_END, -3)}`,
  );
  await replaceFile(home.configFile, DEMO_MARK + config);
  await initHome(home);
  terminal.say(
    `  ✓ ${counted(summary.rows, 'row')} of ${counted(summary.customers, 'customer')}, ${summary.firstDate} to ${summary.lastDate}`,
  );
}

async function filesOf(home: Home): Promise<string[]> {
  const paths = await Promise.all([home.models, home.outputs].map(filesBelow));
  return paths
    .flat()
    .filter((path) => !basename(path).startsWith('.'))
    .map((path) => relative(home.root, path))
    .sort();
}

const SHOWN_LINES = 3;

async function listFiles(home: Home): Promise<string> {
  const parts: string[] = [];
  for (const file of await filesOf(home)) {
    parts.push(`  ${file}`);
    if (/\.csv$/.test(file))
      parts.push(...(await firstLines(`${home.root}/${file}`)).map((line) => `      ${line}`));
  }
  return parts.join('\n');
}

async function firstLines(path: string): Promise<string[]> {
  const file = await open(path);
  try {
    const lines: string[] = [];
    for await (const line of file.readLines()) {
      lines.push(line.length > 110 ? `${line.slice(0, 109)}…` : line);
      if (lines.length === SHOWN_LINES) break;
    }
    return lines;
  } finally {
    await file.close();
  }
}
