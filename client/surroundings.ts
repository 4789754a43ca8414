import type { RollcallClient } from './rollcall-client';

/** A stream that is written to, such as `process.stdout`. */
export interface Sink {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** Everything that a command touches beside its arguments; tests hand in others. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  stdout: Sink;
  stderr: Sink;
  stdin: NodeJS.ReadableStream & { isTTY?: boolean; setRawMode?: (on: boolean) => unknown };
  connect(env: NodeJS.ProcessEnv): Promise<RollcallClient>;
  /** Of the sandbox's admin ports, the worker's health and the codec server. */
  fetch: typeof fetch;
  /** Who is at the terminal. */
  user(): string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Ctrl-C. */
  interrupted?: AbortSignal;
}
