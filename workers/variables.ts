import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { parseSealingRing } from '../adapters/credentials/sealing-ring';
import { parsePayloadRing } from '../adapters/payloads/payload-ring';

interface Variable<Schema extends z.ZodType> {
  /** What it is for, in a line of docs/environment.md. */
  says: string;
  /** What stands there where nothing is set, in words; a variable without it must be set. */
  otherwise?: string;
  /** Also as `<name>_FILE`. */
  secret?: true;
  /** From the variable's text; from undefined where it isn't set. */
  schema: Schema;
}

const list = z
  .string()
  .default('')
  .transform((text) => text.split(/[\s,]+/).filter((entry) => entry !== ''));

const port = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'must be a port, 0 (any that is free) to 65535')
  .transform(Number);

const portOrOff = z.union([z.literal('off').transform(() => undefined), port], {
  error: 'must be a port, 0 (any that is free) to 65535, or “off”',
});

const httpsOrigin = z
  .string()
  .refine((text) => isOrigin(text, ['https:']), 'must be an https origin without a path, such as https://127.0.0.1:8443')
  .transform((text) => new URL(text).origin)
  .optional();

/** Everything that Rollcall's processes read from the environment, beside Temporal's own names: `readEnvironment` and docs/environment.md are made of it. */
export const variables = {
  ROLLCALL_DATABASE_URL: {
    says: 'The PostgreSQL database: `postgres://user:password@host:5432/rollcall`.',
    secret: true,
    schema: z
      .string('is missing: name the PostgreSQL database, postgres://user:password@host:5432/rollcall')
      .refine(isDatabaseUrl, 'must be a URL such as postgres://user:password@host:5432/rollcall'),
  },
  ROLLCALL_SEALING_KEYS: {
    says: 'The ring that credentials are sealed to, with its private half (a JWK set, current key first): for workers alone.',
    secret: true,
    schema: ring(parseSealingRing),
  },
  ROLLCALL_PAYLOAD_KEYS: {
    says: 'The ring that payloads are encrypted with (a JWK set, current key first): shared by workers, the CLI and the codec server.',
    secret: true,
    schema: ring(parsePayloadRing),
  },
  ROLLCALL_TARGET_HOSTS: {
    says: 'LMS hosts that may be called: `lms.example.com`, `*.example.com`, `10.1.2.3:8443`, `localhost`, `*`. Private addresses and loopback only where a host is listed by itself, not by its domain.',
    otherwise: 'every public host',
    schema: list.refine(
      (hosts) => hosts.every(isHost),
      'must be hosts (lms.example.com, *.example.com, 10.1.2.3:8443, *), separated by commas: no URLs',
    ),
  },
  ROLLCALL_ENTRA_AUTHORITY: {
    says: 'Sign in there instead of at the cloud’s own authority. Client secrets are sent there: for a sandbox. Together with `ROLLCALL_GRAPH_ORIGIN`.',
    otherwise: 'the cloud’s',
    schema: httpsOrigin,
  },
  ROLLCALL_GRAPH_ORIGIN: {
    says: 'Ask this origin instead of the cloud’s Microsoft Graph. Together with `ROLLCALL_ENTRA_AUTHORITY`.',
    otherwise: 'the cloud’s',
    schema: httpsOrigin,
  },
  ROLLCALL_ENTRA_CA_FILE: {
    says: 'Root certificates (PEM) to trust for those two, in place of Node’s own.',
    otherwise: 'Node’s own',
    schema: z.string().transform(certificates).optional(),
  },
  ROLLCALL_BIND: {
    says: 'The address that health, metrics and codec server listen on.',
    otherwise: '`127.0.0.1`',
    schema: z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address, such as 127.0.0.1 or 0.0.0.0' }).default('127.0.0.1'),
  },
  ROLLCALL_HEALTH_PORT: {
    says: 'Port of `/health` and `/ready`; `0` any that is free, `off` none.',
    otherwise: '`9463`',
    schema: portOrOff.prefault('9463'),
  },
  ROLLCALL_METRICS_PORT: {
    says: 'Port of the Prometheus metrics; `off` none.',
    otherwise: '`9464`',
    schema: portOrOff
      .refine((value) => value !== 0, 'must be a port, 1 to 65535, or “off”: the metrics exporter can’t choose one')
      .prefault('9464'),
  },
  ROLLCALL_CODEC_PORT: {
    says: 'Port of the codec server, by which the Temporal UI reads payloads.',
    otherwise: '`8081`',
    schema: port.default(8081),
  },
  ROLLCALL_CODEC_ORIGINS: {
    says: 'Origins of the Temporal UI that may ask the codec server, such as `http://127.0.0.1:8080`.',
    otherwise: 'none',
    schema: list
      .refine(
        (origins) => origins.every((origin) => isOrigin(origin, ['http:', 'https:'])),
        'must be origins such as http://127.0.0.1:8080, without a path, separated by commas',
      )
      .transform((origins) => origins.map((origin) => new URL(origin).origin)), // as browsers write them
  },
  ROLLCALL_LOG_LEVEL: {
    says: '`trace`, `debug`, `info`, `warn` or `error`. Personal data is left out from `info` up.',
    otherwise: '`info`',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error'], 'must be trace, debug, info, warn or error').default('info'),
  },
  ROLLCALL_LOG_FORMAT: {
    says: '`json` or `pretty`.',
    otherwise: '`pretty` on a terminal, else `json`',
    schema: z.enum(['json', 'pretty'], 'must be json or pretty').optional(),
  },
  ROLLCALL_ROLES: {
    says: 'What this worker does: `workflows` (workflows and short activities), `sync` (the long activities of runs).',
    otherwise: 'both',
    schema: list.transform((roles, context) => {
      const known = roles.filter((role) => role === 'workflows' || role === 'sync');
      if (known.length < roles.length)
        context.addIssue({ code: 'custom', message: 'must be workflows, sync or both, separated by a comma' });
      return roles.length === 0 ? (['workflows', 'sync'] as const) : [...new Set(known)];
    }),
  },
  ROLLCALL_MAX_CACHED_WORKFLOWS: {
    says: 'Workflows kept in memory between their tasks; some 600 take 1 GB.',
    otherwise: '`300`',
    schema: z
      .string()
      .refine((text) => /^\d{1,6}$/.test(text) && Number(text) >= 2, 'must be a whole number from 2 up')
      .transform(Number)
      .default(300),
  },
} as const satisfies Record<string, Variable<z.ZodType>>;

export type VariableName = keyof typeof variables;
export type ValueOf<Name extends VariableName> = z.output<(typeof variables)[Name]['schema']>;

function ring<Ring>(parse: (text: string) => Ring) {
  return z.string('is missing: give the ring itself (a JWK set), or the file that holds it').transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message });
      return z.NEVER;
    }
  });
}

function certificates(file: string, context: z.RefinementCtx): string {
  try {
    const pem = readFileSync(file, 'utf8');
    new X509Certificate(pem);
    return pem;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    context.addIssue({
      code: 'custom',
      message: `names ${file}, which ${code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' ? `can’t be read (${code})` : 'holds no certificate in PEM'}`,
    });
    return z.NEVER;
  }
}

function isDatabaseUrl(text: string): boolean {
  return URL.canParse(text) && /^postgres(?:ql)?:$/.test(new URL(text).protocol);
}

function isOrigin(text: string, protocols: string[]): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return protocols.includes(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
}

function isHost(text: string): boolean {
  return /^(?:\*|(?:\*\.)?[\w.-]+(?::\d{1,5})?|\[[\da-f:.]+\](?::\d{1,5})?)$/i.test(text);
}
