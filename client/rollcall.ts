#!/usr/bin/env node
import { exitCodes } from './exit-codes';
import { connectRollcall, userName } from './rollcall-client';
import { run } from './run';

/** What is under way gets so long (ms) to say its last word after Ctrl-C. */
const lastWords = 1_500;

async function main(): Promise<void> {
  const { stdout, stderr, stdin, env, argv } = process;
  // `rollcall changes acme | head`: whoever read has seen enough.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? exitCodes.done : exitCodes.refused));
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    interrupted.abort();
    setTimeout(() => process.exit(exitCodes.interrupted), lastWords).unref();
  });
  const exit = await run(argv.slice(2), {
    env,
    stdout,
    stderr,
    stdin,
    connect: connectRollcall,
    fetch,
    user: userName,
    now: Date.now,
    interrupted: interrupted.signal,
  });
  // A call that was given up may wait for its answer for minutes; nobody waits with it, once all is written.
  stdout.write('', () => stderr.write('', () => setTimeout(() => process.exit(), lastWords).unref()));
  // Ends here, and not by itself: a call that was given up is tried again by Temporal's client, whose connection is closed by then, and would throw.
  await Promise.all([stdout, stderr].map((stream) => new Promise<void>((written) => stream.write('', () => written()))));
  process.exit(exit);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = exitCodes.refused;
});
