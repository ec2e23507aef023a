import { type ChildProcess, spawn } from 'node:child_process';

/** Worker processes of their own, which a test may kill. */
export interface KillableWorkers {
  /** Starts `clv worker` in a home. */
  start(root: string, redisUrl: string): ChildProcess;
  /** Ends those that a test has left behind. */
  endAll(): void;
}

export function killableWorkers(): KillableWorkers {
  const started: ChildProcess[] = [];
  return {
    start(root, redisUrl) {
      const worker = spawn(process.execPath, ['dist/src/cli/main.js', 'worker', '--home', root], {
        env: { ...process.env, REDIS_URL: redisUrl },
        stdio: 'ignore',
      });
      started.push(worker);
      return worker;
    },
    endAll() {
      for (const worker of started) worker.kill('SIGKILL');
    },
  };
}
