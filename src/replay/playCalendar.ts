import { addJob } from '../../queues/addJob.ts';
import type { JobContract } from '../../queues/jobContract.ts';
import { retention, reviewReminder } from '../../queues/maintenance.ts';
import { driftJobId, type MaturingWindow, mergeActuals, mergeJobId } from '../../queues/maturity.ts';
import { plainTraining, trainChampion } from '../../queues/modelBuild.ts';
import { beginRun, SCORING_STEPS, type ScoreRun, scoringJobId } from '../../queues/scoring.ts';
import { startTraining, trainingJobId } from '../../queues/startTraining.ts';
import { calendarOf, maturityRules, runHour } from '../config/calendarSettings.ts';
import { loadConfig } from '../config/loadConfig.ts';
import { nextSlot } from '../domain/calendar/cadence.ts';
import { dateInZone, type IsoDate, instantOf } from '../domain/calendar/dates.ts';
import { dueInstant } from '../domain/calendar/maturity.ts';
import { startOfRun } from '../domain/calendar/runStart.ts';
import { fileTimestamp } from '../domain/calendar/timestamps.ts';
import { counted } from '../domain/words/counted.ts';
import type { BegunRun } from '../schedule/beginDueRun.ts';
import { predictedWindows, stageOf } from '../schedule/maturingWindows.ts';
import { answerDriftRequests } from './answerRequests.ts';
import { ReplayedJobError } from './jobWatch.ts';
import { KNOWN_ORDERS } from './makeReplayHome.ts';
import { REPLAY_SIGNATURE, type ReplayPolicy } from './replayPolicy.ts';
import type { ReplayStage } from './replayStage.ts';

const DAY_MS = 86_400_000;

/** Something that is due at an instant, in milliseconds since 1970 UTC. */
interface Event {
  readonly atMs: number;
  happen(): Promise<void>;
}

/**
 * Plays the calendar of a home from launch to end: the first champion, the run of every slot, every merge and comparison
 * at its due instant, and the daily jobs on the days on which something else happens. The jobs are those of the real
 * system on real queues; only what makes them due is the stage's clock. A job that fails is told and the calendar goes on.
 */
export async function playCalendar(stage: ReplayStage, to: IsoDate, policy: ReplayPolicy): Promise<void> {
  const play = new Play(stage, policy);
  await play.launch();
  const config = await loadConfig(stage.home);
  const endMs = instantOf(to, 0, config.general.timezone) + DAY_MS;
  for (let event = await play.next(); event.atMs < endMs; event = await play.next()) {
    await play.moveTo(event.atMs);
    await play.tellFailure(event.happen);
    await play.endEvent();
  }
  await play.moveTo(Math.max(endMs, stage.clock.now()));
}

class Play {
  readonly #stage: ReplayStage;
  readonly #policy: ReplayPolicy;
  /** The run that waits because its cutoff lies ahead of the clock. */
  #waitingRun: { readonly run: ScoreRun; readonly atMs: number } | null = null;
  /** When a merge that found its orders incomplete is tried again, by its job. */
  readonly #retryAt = new Map<string, number>();
  #knownDay: IsoDate | null = null;
  #dailyDay: IsoDate | null = null;
  #lastSlotMs: number;
  #jobs = 0;

  constructor(stage: ReplayStage, policy: ReplayPolicy) {
    this.#stage = stage;
    this.#policy = policy;
    this.#lastSlotMs = stage.clock.now();
  }

  /** Trains and signs off the first champion on what is known on the day of the launch. */
  async launch(): Promise<void> {
    const { clock, queues, jobs, decided, tell } = this.#stage;
    await this.moveTo(clock.now());
    const modelId = `clv_model_${fileTimestamp(clock.now())}`;
    const request = {
      ...plainTraining(modelId),
      signOff: { ...REPLAY_SIGNATURE, override: REPLAY_SIGNATURE.note },
      overrideEligibility: REPLAY_SIGNATURE.note,
    };
    await jobs.rest({ queue: trainChampion.queue, id: trainingJobId(modelId) }, () =>
      startTraining(queues, request),
    );
    decided('Launch: trained and signed off as champion', modelId);
    tell(`launched with ${modelId}`);
  }

  /** What is due next. */
  async next(): Promise<Event> {
    const config = await loadConfig(this.#stage.home);
    const calendar = calendarOf(config);
    if (calendar === null) throw new Error('A replay needs a launch date.');
    const slot = nextSlot(calendar, this.#lastSlotMs);
    const events: Event[] = [
      {
        atMs: slot.epochMs,
        happen: async () => {
          this.#lastSlotMs = slot.epochMs;
          await this.#beginRun();
        },
      },
    ];
    for (const window of await predictedWindows(this.#stage.home)) {
      if (!['maturing', 'merged'].includes(await stageOf(this.#stage.home, window))) continue;
      const dueMs = dueInstant(window, maturityRules(config));
      const atMs = this.#retryAt.get(mergeJobId(window)) ?? dueMs;
      // One that failed for good is left to an operator, of which a replay has none.
      if (Number.isFinite(atMs)) events.push({ atMs, happen: () => this.#mature(window) });
    }
    const waiting = this.#waitingRun;
    if (waiting !== null) {
      events.push({
        atMs: waiting.atMs,
        happen: async () => {
          this.#waitingRun = null;
          await this.#finishRun(waiting.run, true);
        },
      });
    }
    return events.reduce((first, event) => (event.atMs < first.atMs ? event : first));
  }

  /** Moves the clock; on a new day the home comes to know the orders of the days before it. */
  async moveTo(atMs: number): Promise<void> {
    const { clock, book, home } = this.#stage;
    clock.moveTo(Math.max(atMs, clock.now()));
    const day = await this.#today();
    if (day === this.#knownDay) return;
    await book.writeKnownBefore(day, `${home.root}/${KNOWN_ORDERS}`);
    this.#knownDay = day;
  }

  /** Does something; where one of its jobs fails, tells so and lets the calendar go on, as the real one does. */
  async tellFailure(happen: () => Promise<void>): Promise<void> {
    try {
      await happen();
    } catch (error) {
      if (!(error instanceof ReplayedJobError)) throw error;
      this.#stage.tell(`failed: ${error.message}`);
      this.#stage.decided(`A job failed: ${error.message}`, null);
    }
  }

  /** Answers what is asked of people, and lets the daily jobs run once on this day. */
  async endEvent(): Promise<void> {
    await this.#stage.observe();
    if (this.#policy === 'search') await this.tellFailure(() => answerDriftRequests(this.#stage));
    const day = await this.#today();
    if (day === this.#dailyDay) return;
    this.#dailyDay = day;
    await this.tellFailure(async () => void (await this.#add(retention, { dryRun: false })));
    await this.tellFailure(async () => void (await this.#add(reviewReminder, {})));
  }

  async #beginRun(): Promise<void> {
    const begun = (await this.#add(beginRun, {})) as Partial<BegunRun>;
    if (begun.job === undefined || begun.cutoff === undefined) return;
    const { home, clock, queues } = this.#stage;
    const job = await queues.byName.scoring.getJob(begun.job);
    if (job === undefined) return;
    const run = job.data as ScoreRun;
    const atMs = startOfRun(run.cutoff, clock.now(), runHour(await loadConfig(home)));
    if (atMs === null) await this.#finishRun(run, false);
    else this.#waitingRun = { run, atMs };
  }

  async #finishRun(run: ScoreRun, isDelayed: boolean): Promise<void> {
    const { queues, jobs, tell } = this.#stage;
    const ids = SCORING_STEPS.map((step) => scoringJobId(step.name, run));
    const id = ids.at(-1) as string;
    await jobs.rest({ queue: 'scoring', id, after: ids.slice(0, -1) }, async () => {
      if (isDelayed) await (await queues.byName.scoring.getJob(ids[0]))?.promote();
    });
    tell(`scored the cutoff ${run.cutoff}`);
  }

  async #mature(window: MaturingWindow): Promise<void> {
    const { queues, jobs, clock, tell } = this.#stage;
    const mergeId = mergeJobId(window);
    const retryMs = (await loadConfig(this.#stage.home)).schedule.data_wait.minutes * 60_000;
    // Left standing where the merge fails.
    this.#retryAt.set(mergeId, Number.POSITIVE_INFINITY);
    const rest = await jobs.rest(
      { queue: mergeActuals.queue, id: driftJobId(window), after: [mergeId] },
      async () => {
        const merge = await queues.byName[mergeActuals.queue].getJob(mergeId);
        if ((await merge?.getState()) === 'delayed') await merge?.promote();
      },
    );
    if (rest.state === 'delayed') {
      this.#retryAt.set(mergeId, clock.now() + retryMs);
      return;
    }
    this.#retryAt.delete(mergeId);
    tell(`compared the ${counted(window.predMonths, 'month')} from ${window.cutoff} with reality`);
  }

  /** Queues a job of a kind and waits for it; gives its result. */
  async #add(contract: JobContract, data: object): Promise<unknown> {
    const { queues, jobs } = this.#stage;
    const jobId = `replayed-${contract.name}-${++this.#jobs}`;
    const rest = await jobs.rest({ queue: contract.queue, id: jobId }, () =>
      addJob(queues, contract, data, jobId),
    );
    return rest.state === 'completed' ? rest.result : {};
  }

  async #today(): Promise<IsoDate> {
    const { general } = await loadConfig(this.#stage.home);
    return dateInZone(this.#stage.clock.now(), general.timezone);
  }
}
