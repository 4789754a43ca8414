import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { identityOf, lives, pidOf } from './process-identity';
import { lastLines, onPath } from './run-program';

export interface ServerCommand {
  command: string;
  args: string[];
  /** A program that changes who it runs as, with its arguments. */
  prefix: string[];
  /** Everything it prints goes to this file, not to a pipe: a pipe would break when we are killed, and take a survivor with it. */
  logFile: string;
  cwd: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  /** Ends it for good and at once: sent to it when this process exits without having stopped it. */
  lastSignal: NodeJS.Signals;
  /** Sent to it by the kernel when this process dies, however that happens (Linux; elsewhere the next start finds the survivor). */
  atOurDeath: 'KILL' | 'INT';
}

export interface ChildServer {
  pid: number;
  identity: string;
  /** Why it ended; undefined while it runs. */
  ended(): string | undefined;
  /** The same, as soon as it has ended. */
  end: Promise<string>;
}

/** Servers that this process has to end when it exits. */
const running = new Map<ChildProcess, NodeJS.Signals>();

/** Starts a server in a process group of its own: Ctrl-C in the terminal reaches us alone, and we stop the servers after their users. */
export async function startChildServer(what: ServerCommand): Promise<ChildServer> {
  const log = openSync(what.logFile, 'a');
  const setpriv = process.platform === 'linux' ? onPath('setpriv', process.env) : undefined;
  // Right before the server itself: a change of user on the way would undo it (prctl(2), PR_SET_PDEATHSIG).
  const [command, ...args] = [
    ...what.prefix,
    ...(setpriv ? [setpriv, '--pdeathsig', what.atOurDeath, '--'] : []),
    what.command,
    ...what.args,
  ];
  const child = spawn(command as string, args, {
    cwd: what.cwd,
    env: what.env,
    uid: what.uid,
    gid: what.gid,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let ended: string | undefined;
  const end = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = signal ? `was ended by ${signal}` : `ended with ${code}`;
      running.delete(child);
      resolve(ended);
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${what.command} could not be started: ${error.message}`)));
  });
  if (running.size === 0) process.once('exit', endAll);
  running.set(child, what.lastSignal);
  // A server that was forgotten must not keep a process from ending; endAll sees to it then.
  child.unref();
  const pid = child.pid as number;
  return { pid, identity: identityOf(pid) ?? `${pid}@ended`, ended: () => ended, end };
}

function endAll(): void {
  for (const [child, signal] of running) child.kill(signal);
}

/** Asks a server to stop, waits, and kills it if it doesn't. One that is gone already is no error. */
export async function stopServer(identity: string, signal: NodeJS.Signals, patienceMs = 20_000): Promise<void> {
  for (const [attempt, patience] of [
    [signal, patienceMs],
    ['SIGKILL', 5_000],
  ] as const) {
    if (!lives(identity)) return;
    tryKill(pidOf(identity), attempt);
    for (const until = Date.now() + patience; lives(identity) && Date.now() < until;) await wait(20);
  }
  if (lives(identity))
    throw new Error(`process ${pidOf(identity)} did not end, not even by SIGKILL. Look at it with \`ps\` and end it by hand.`);
}

function tryKill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: gone meanwhile
  }
}

/** What a server printed last, for an error that says why it ended. `from`: the log's length before this start. */
export function endOfLog(logFile: string, from = 0): string {
  return lastLines(readFileSync(logFile).subarray(from).toString('utf8').slice(-8_000), 6);
}
