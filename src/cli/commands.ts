import type { Command } from 'commander';

type Adds = (program: Command) => void;

/** Every command, by its name, in the order of the help. Each is loaded when it is asked for: all of them take a second. */
const COMMANDS: Readonly<Record<string, () => Promise<Adds>>> = {
  demo: async () => (await import('./commands/demo.ts')).addDemoCommand,
  init: async () => (await import('./commands/init.ts')).addInitCommand,
  'grid-search': async () => (await import('./commands/gridSearch.ts')).addGridSearchCommand,
  train: async () => (await import('./commands/train.ts')).addTrainCommand,
  compare: async () => (await import('./commands/compare.ts')).addCompareCommand,
  approve: async () => (await import('./commands/approve.ts')).addApproveCommand,
  rollback: async () => (await import('./commands/rollback.ts')).addRollbackCommand,
  requests: async () => (await import('./commands/requests.ts')).addRequestsCommand,
  replay: async () => (await import('./commands/replay.ts')).addReplayCommand,
  reproduce: async () => (await import('./commands/reproduce.ts')).addReproduceCommand,
  export: async () => (await import('./commands/export.ts')).addExportCommand,
  audit: async () => (await import('./commands/audit.ts')).addAuditCommand,
  score: async () => (await import('./commands/score.ts')).addScoreCommand,
  explain: async () => (await import('./commands/explain.ts')).addExplainCommand,
  monitor: async () => (await import('./commands/monitor.ts')).addMonitorCommand,
  retention: async () => (await import('./commands/retention.ts')).addRetentionCommand,
  drift: async () => (await import('./commands/drift.ts')).addDriftCommand,
  alerts: async () => (await import('./commands/alerts.ts')).addAlertsCommand,
  acknowledge: async () => (await import('./commands/acknowledge.ts')).addAcknowledgeCommand,
  features: async () => (await import('./commands/features.ts')).addFeaturesCommand,
  schedule: async () => (await import('./commands/schedule.ts')).addScheduleCommand,
  reconcile: async () => (await import('./commands/reconcile.ts')).addReconcileCommand,
  serve: async () => (await import('./commands/serve.ts')).addServeCommand,
  worker: async () => (await import('./commands/worker.ts')).addWorkerCommand,
  sample: async () => (await import('./commands/sample.ts')).addSampleCommand,
  doctor: async () => (await import('./commands/doctor.ts')).addDoctorCommand,
};

/**
 * Adds the command that the first word names, or all of them where it names none: for help, and so that a misspelt one
 * is met with the one that was meant.
 */
export async function addCommands(program: Command, firstWord: string | undefined): Promise<void> {
  const isKnown = firstWord !== undefined && Object.hasOwn(COMMANDS, firstWord);
  const wanted = isKnown ? [COMMANDS[firstWord]] : Object.values(COMMANDS);
  for (const add of await Promise.all(wanted.map((load) => load()))) add(program);
}
