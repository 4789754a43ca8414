import { fork, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { BareAnswer, BareRequest } from './bare-process';

const compiled = join(__dirname, '..', '..');

export interface Announced<Told> {
  told: Told;
  stop(): Promise<void>;
}

/** A sandbox server as a process of its own: it tells by one line of JSON that it listens, and ends with us by its standard input. */
export async function startAnnounced<Told>(script: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Announced<Told>> {
  const child = spawn(process.execPath, [join(compiled, script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const line = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Error(`${script} ended (${signal ?? code}) before it listened`)));
    createInterface({ input: child.stdout }).once('line', resolve);
  });
  return { told: JSON.parse(line) as Told, stop: () => ended(child) };
}

export interface WorkerProcess {
  pid: number;
  stop(): Promise<void>;
}

/** The worker as in production, with what it logs in a file. `nodeOptions`: such as `--cpu-prof`. */
export function startWorker(env: NodeJS.ProcessEnv, logFile: string, nodeOptions: readonly string[]): WorkerProcess {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...nodeOptions, join(compiled, 'workers', 'main.js')], { env, stdio: ['ignore', log, log] });
  closeSync(log);
  return { pid: child.pid as number, stop: () => ended(child) };
}

export interface BareProcess {
  /** Milliseconds of one pass, by the script's own clock. */
  run(request: BareRequest): Promise<number>;
  stop(): Promise<void>;
}

export function startBare(caFile: string): BareProcess {
  const child = fork(join(__dirname, 'bare-process.js'), { env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile } });
  return {
    async run(request) {
      const answer = await new Promise<BareAnswer>((resolve, reject) => {
        const died = () => reject(new Error('the bare script ended'));
        child.once('exit', died);
        child.once('message', (message) => {
          child.off('exit', died);
          resolve(message as BareAnswer);
        });
        child.send(request);
      });
      if ('error' in answer) throw new Error(`the bare script failed: ${answer.error}`);
      return answer.wallMs;
    },
    stop: () => ended(child),
  };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
