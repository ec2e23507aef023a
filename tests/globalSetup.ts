import { execFileSync } from 'node:child_process';

/** Threads and spawned commands run the compiled program, so every test run starts by compiling what changed. */
export default function compileProgram(): void {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
}
