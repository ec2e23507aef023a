#!/usr/bin/env node
import { Command } from 'commander';
import { addAcknowledgeCommand } from './commands/acknowledge.ts';
import { addAlertsCommand } from './commands/alerts.ts';
import { addApproveCommand } from './commands/approve.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addCompareCommand } from './commands/compare.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addDriftCommand } from './commands/drift.ts';
import { addFeaturesCommand } from './commands/features.ts';
import { addGridSearchCommand } from './commands/gridSearch.ts';
import { addInitCommand } from './commands/init.ts';
import { addMonitorCommand } from './commands/monitor.ts';
import { addReconcileCommand } from './commands/reconcile.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addReproduceCommand } from './commands/reproduce.ts';
import { addRequestsCommand } from './commands/requests.ts';
import { addRetentionCommand } from './commands/retention.ts';
import { addRollbackCommand } from './commands/rollback.ts';
import { addSampleCommand } from './commands/sample.ts';
import { addScheduleCommand } from './commands/schedule.ts';
import { addScoreCommand } from './commands/score.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTrainCommand } from './commands/train.ts';
import { addWorkerCommand } from './commands/worker.ts';
import { reportFailure } from './terminal.ts';

const program = new Command('clv').description(
  'Predicts what each customer of a shop will spend in the coming months.',
);
for (const add of [
  addDemoCommand,
  addInitCommand,
  addGridSearchCommand,
  addTrainCommand,
  addCompareCommand,
  addApproveCommand,
  addRollbackCommand,
  addRequestsCommand,
  addReplayCommand,
  addReproduceCommand,
  addAuditCommand,
  addScoreCommand,
  addMonitorCommand,
  addRetentionCommand,
  addDriftCommand,
  addAlertsCommand,
  addAcknowledgeCommand,
  addFeaturesCommand,
  addScheduleCommand,
  addReconcileCommand,
  addServeCommand,
  addWorkerCommand,
  addSampleCommand,
  addDoctorCommand,
]) {
  add(program);
}

try {
  await program.parseAsync();
} catch (error) {
  reportFailure(error, process.argv.includes('--json'));
  process.exitCode = 1;
}
