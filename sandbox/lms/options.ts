import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { customField, usualCustomFields } from './custom-fields';
import { awkwardness } from './lean/awkwardness';

const port = z.number().int().min(0).max(65_535).default(0).describe('0: any free port');

export const lmsOptions = z.strictObject({
  kind: z.enum(['scimmy', 'lean']),
  port,
  adminPort: port,
  /** What clients send as `Authorization: Bearer …`. */
  token: z
    .string()
    .min(1)
    .default(() => randomBytes(24).toString('base64url')),
  customFields: z.array(customField).default([...usualCustomFields]),
  /** Where accounts are kept from one start to the next. Without it: in memory only. */
  folder: z.string().min(1).optional(),
  /** What the lean server does otherwise than one would wish. */
  awkward: awkwardness.prefault({}),
  /** Of the lean server; without it there is no Bulk. */
  bulk: z
    .strictObject({ maxOperations: z.number().int().positive().default(100), status: z.enum(['text', 'number', 'object']).default('text') })
    .optional(),
  /** Milliseconds that each request takes, by class. */
  latency: z.strictObject({ read: z.number().min(0).optional(), write: z.number().min(0).optional() }).default({}),
});

export type LmsOptions = z.input<typeof lmsOptions>;
