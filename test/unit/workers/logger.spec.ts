import { Writable } from 'node:stream';
import { ApplicationFailure } from '@temporalio/common';
import { lookUpId } from '../../../domain/workflow-ids';
import { createLogger, temporalLogger, type Level } from '../../../workers/logger';
import { scrubText } from '../../../workers/scrub';

function logging(level: Level, format: 'json' | 'pretty' = 'json') {
  const lines: string[] = [];
  const destination = new Writable({
    write(piece: Buffer, _encoding, done) {
      lines.push(piece.toString());
      done();
    },
  });
  const logger = createLogger({ level, format, destination, colour: false });
  return { logger, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown> };
}

describe('the log', () => {
  it('carries customer, workflow, run, activity and attempt, under the same names from wherever the line comes', () => {
    const { logger, last } = logging('info');
    const log = temporalLogger(logger);
    const wanted = { customerId: 'acme', workflowId: 'sync/acme/manual', runId: 'r1', activity: 'readDirectory', attempt: 3 };
    log.info('page stored', {
      workflowId: 'sync/acme/manual',
      workflowRunId: 'r1',
      activityType: 'readDirectory',
      attempt: 3,
      taskToken: 'AAAA',
      isLocal: false,
    });
    expect(last()).toMatchObject({ ...wanted, level: 'info', msg: 'page stored' });
    expect(last()).not.toHaveProperty('taskToken');
    log.warn('slow', { workflowId: 'customer/acme', runId: 'r2' });
    expect(last()).toMatchObject({ customerId: 'acme', workflowId: 'customer/acme', runId: 'r2', level: 'warn' });
    log.info('asked', { workflowId: lookUpId('acme', '7f3c') });
    expect(last()).toMatchObject({ customerId: 'acme', workflowId: 'look-up/acme/7f3c' });
    log.info('asked', { workflowId: lookUpId(undefined, '7f3c') });
    expect(last()).not.toHaveProperty('customerId');
    log.info('started', { workflowId: 'somebody-else’s/1' });
    expect(last()).not.toHaveProperty('customerId');
  });

  it.each(['trace', 'debug', 'info', 'warn', 'error'] as const)('never shows a secret, not at %s either, wherever it stands', (level) => {
    const { logger, lines } = logging('trace');
    const canary = 'canary-7fa9';
    const jwe = `eyJhbGciOiJFQ0RILUVTIn0..AAAAAAAAAAAAAAAA.${canary}.AAAA`;
    logger.child({ clientSecret: canary })[level](
      {
        authorization: `Bearer ${canary}`,
        nested: [{ accessToken: canary, sealed: jwe }],
        error: new Error(`POST failed: client_secret=${canary}&grant_type=x`),
      },
      `Authorization: Bearer ${canary}, sealed %s, postgres://rollcall:${canary}@db/rollcall`,
      jwe,
    );
    logger[level](new Error(`Bearer ${canary}`, { cause: { password: canary } }));
    expect(lines).toHaveLength(2);
    expect(lines.join('')).not.toContain(canary);
  });

  it('shows people’s data at debug and leaves it out above', () => {
    const { logger, lines } = logging('debug');
    const person = {
      userName: 'jo@acme.test',
      member: { id: 'x', mail: 'jo@acme.test' },
      error: new Error('uniqueness: zoë.o’neil@acme.test exists'),
    };
    logger.debug(person, 'mapped jo@acme.test');
    expect(lines.join('')).toContain('jo@acme.test');
    lines.length = 0;
    logger.info(person, 'mapped jo@acme.test');
    logger.error(ApplicationFailure.create({ message: 'jo@acme.test is taken', details: [{ anything: 'Jo Smith' }] }));
    expect(lines.join('')).not.toMatch(/@acme\.test|Jo Smith/);
    expect(lines.join('')).toContain('[address]');
  });

  it('keeps what operators need: codes, stacks, causes, ids, addresses of servers', () => {
    const { logger, last } = logging('info');
    logger.info(
      {
        error: new Error('outer', { cause: Object.assign(new Error('inner'), { code: 'ECONNREFUSED' }) }),
        address: '127.0.0.1:7233',
        members: 12,
        at: new Date(0),
      },
      'hm',
    );
    expect(last()).toMatchObject({
      error: { message: 'outer', stack: expect.stringContaining('logger.spec'), cause: { message: 'inner', code: 'ECONNREFUSED' } },
      address: '127.0.0.1:7233',
      members: 12,
      at: '1970-01-01T00:00:00.000Z',
    });
  });

  it('leaves out lines below its level', () => {
    const { logger, lines } = logging('warn');
    logger.info('no');
    temporalLogger(logger).log('DEBUG', 'no');
    expect(lines).toEqual([]);
  });

  it('is readable on a terminal', () => {
    const { logger, lines } = logging('info', 'pretty');
    logger.info({ customerId: 'acme' }, 'run closed');
    expect(lines.join('')).toMatch(/INFO.*run closed/);
    expect(lines.join('')).toContain('acme');
  });
});

describe('scrubbing', () => {
  it.each([
    ['https://lms.example/Users?filter=a', 'https://lms.example/Users?filter=a'],
    ['mail jo@acme.test, ann@x.example', 'mail [address], [address]'],
    ['userName "jo@acme.test" is taken', 'userName "[address]" is taken'],
    ['amqp://u:hunter2@host', 'amqp://u:[secret]@host'],
    ['@temporalio/worker@1.24.0', '@temporalio/worker@1.24.0'],
  ])('turns %s into %s', (text, clean) => {
    expect(scrubText(text, { personal: false })).toBe(clean);
  });
});
