import type { LogLevel, LogMetadata, Logger as TemporalLogger } from '@temporalio/common';
import pino, { type Bindings, type ChildLoggerOptions, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { inOneWord } from './log-context';
import { scrub, scrubText } from './scrub';

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error';

export interface LoggerOptions {
  level: Level;
  /** Default: `pretty` where stderr is a terminal, else `json`. */
  format?: 'json' | 'pretty';
  /** Default: stderr, for data alone goes to stdout. */
  destination?: DestinationStream;
  /** Colours; default: on a terminal, unless NO_COLOR is set. */
  colour?: boolean;
}

/** Highest number of a level at which people's data may still stand: pino's debug. */
const debug = 20;

/**
 * Writes at once, so that the last line before a crash is there. Secrets are taken out of every line, people's data of those above debug,
 * whoever logs them: by pino's own hooks, so that no caller has to think of it.
 */
export function createLogger({ level, format, destination, colour }: LoggerOptions): Logger {
  const isTerminal = process.stderr.isTTY === true;
  const stream = destination ?? pino.destination({ fd: 2, sync: true });
  const isPretty = (format ?? (isTerminal ? 'pretty' : 'json')) === 'pretty';
  const colorize = colour ?? (isTerminal && !process.env.NO_COLOR);
  const logger = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        logMethod([first, ...others], method, number) {
          const allowed = { personal: number <= debug };
          const told = others.map((other) => (typeof other === 'string' ? scrubText(other, allowed) : scrub(other, allowed)));
          const clean: unknown = first instanceof Error ? { error: scrub(first, allowed) } : scrub(first, allowed);
          const words = first instanceof Error && told.length === 0 ? [scrubText(first.message, allowed)] : told;
          method.apply(this, [clean, ...words] as Parameters<typeof method>);
        },
      },
    },
    isPretty ? pretty({ colorize, destination: stream, sync: true, ignore: 'pid', translateTime: 'SYS:HH:MM:ss' }) : stream,
  );
  return scrubbingChildren(logger);
}

type ChildMaker = (this: Logger, bindings: Bindings, options?: ChildLoggerOptions) => Logger;

/** What a child logger carries on every line passes no hook of pino's. Children inherit this from their parent. */
function scrubbingChildren(logger: Logger): Logger {
  const child = Reflect.get(logger, 'child') as unknown as ChildMaker;
  const scrubbing: ChildMaker = function (bindings, options) {
    return child.call(this, scrub(bindings, { personal: false }) as Bindings, options);
  };
  return Object.assign(logger, { child: scrubbing });
}

const levels: Record<LogLevel, Level> = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' };

/** True of our workers by design, and nothing that an operator should wonder about. */
const expected = /^No (workflows|Nexus services) registered, not polling/;

/** For `Runtime.install({ logger })`: what the SDK, workflows and activities log goes the same way. */
export function temporalLogger(logger: Logger): TemporalLogger & { flush(): void; close(): void } {
  const log = (level: LogLevel, message: string, meta: LogMetadata = {}): void =>
    logger[expected.test(message) ? 'debug' : levels[level]](inOneWord(meta), message);
  return {
    log,
    trace: (message, meta) => log('TRACE', message, meta),
    debug: (message, meta) => log('DEBUG', message, meta),
    info: (message, meta) => log('INFO', message, meta),
    warn: (message, meta) => log('WARN', message, meta),
    error: (message, meta) => log('ERROR', message, meta),
    flush: () => logger.flush(),
    close: () => logger.flush(),
  };
}
