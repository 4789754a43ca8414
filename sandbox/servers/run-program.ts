import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program ended with another code than 0, was ended for taking too long, or isn't there. */
export class ProgramFailed extends Error {
  constructor(command: string, because: string, output: string) {
    super(`${command} ${because}${output ? `: ${lastLines(output)}` : ''}`);
    this.name = 'ProgramFailed';
  }
}

export interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** In milliseconds; after that the program is killed. */
  timeoutMs?: number;
  uid?: number;
  gid?: number;
}

/** Runs a program to its end and gives back what it printed on standard output. */
export function runProgram(command: string, args: string[], options: RunOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const { timeoutMs, ...rest } = options;
    const child = spawn(command, args, { ...rest, timeout: timeoutMs, killSignal: 'SIGKILL', stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let all = '';
    child.stdout.on('data', (chunk: Buffer) => ((stdout += chunk.toString()), (all += chunk.toString())));
    child.stderr.on('data', (chunk: Buffer) => (all += chunk.toString()));
    child.once('error', (error) => reject(new ProgramFailed(command, `could not be started (${error.message})`, '')));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(stdout);
      else reject(new ProgramFailed(command, signal ? `was ended by ${signal}` : `ended with ${code}`, all));
    });
  });
}

/** Where a program lies on PATH, as a shell would find it. */
export function onPath(program: string, env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false; // not there, or not for us to run
  }
}

/** The end of what a program printed: that is where it says what went wrong. */
export function lastLines(output: string, count = 4): string {
  return output.trim().split(/\r?\n/).slice(-count).join(' | ').slice(-1500);
}
