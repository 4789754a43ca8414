import { defaultPayloadConverter } from '@temporalio/common';
import { createPayloadCodec } from '../adapters/payloads/payload-codec';
import type { PayloadRing } from '../adapters/payloads/payload-ring';
import type { Finding } from './doctor';
import { readState } from './state-file';

type Fetch = typeof fetch;

const patience = 5_000; // ms
/** The worker's own defaults (docs/environment.md). */
const usualPort = { ROLLCALL_HEALTH_PORT: '9463', ROLLCALL_CODEC_PORT: '8081' } as const;

/** The worker's readiness, which names what it can't reach. */
export async function examineWorker(env: NodeJS.ProcessEnv, fetch: Fetch): Promise<Finding> {
  const part = 'worker’s health';
  if (env.ROLLCALL_HEALTH_PORT === 'off') return { part, is: 'unknown', says: 'ROLLCALL_HEALTH_PORT is off' };
  const origin = originOf(env, 'worker', 'ROLLCALL_HEALTH_PORT');
  if (!origin) return noPort(part, 'ROLLCALL_HEALTH_PORT');
  try {
    const response = await fetch(`${origin}/ready`, { signal: AbortSignal.timeout(patience) });
    const { ready, checks = {} } = (await response.json()) as { ready?: boolean; checks?: Record<string, { ok: boolean; says?: string }> };
    if (ready) return { part, is: 'well', says: `${origin} is ready: ${Object.keys(checks).join(', ')}` };
    const ill = Object.entries(checks).filter(([, { ok }]) => !ok);
    return {
      part,
      is: 'ill',
      says: `${origin} is not ready: ${ill.map(([name, { says }]) => `${name} (${says})`).join('; ') || response.status}`,
      remedy: 'Mend what it names; the worker’s log has the rest.',
    };
  } catch (error) {
    return notThere(part, origin, error, 'If the worker runs on another machine, ask its /ready there; else start it: npm run worker.');
  }
}

/** Whether the Temporal UI would get in the clear what this ring encrypts. */
export async function examineCodec(env: NodeJS.ProcessEnv, fetch: Fetch, ring: PayloadRing | undefined): Promise<Finding> {
  const part = 'codec server';
  const origin = originOf(env, 'codec', 'ROLLCALL_CODEC_PORT');
  if (!origin) return noPort(part, 'ROLLCALL_CODEC_PORT');
  if (!ring) return { part, is: 'unknown', says: 'not asked: there is no payload key' };
  const said = 'rollcall doctor';
  try {
    const encoded = await createPayloadCodec(ring).encode([defaultPayloadConverter.toPayload(said)]);
    const payloads = encoded.map(({ metadata, data }) => ({
      metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([key, value]) => [key, base64(value)])),
      data: base64(data),
    }));
    const response = await fetch(`${origin}/decode`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ payloads }),
      signal: AbortSignal.timeout(patience),
    });
    const { payloads: answered, message } = (await response.json()) as { payloads?: { data?: string }[]; message?: string };
    const text = Buffer.from(answered?.[0]?.data ?? '', 'base64').toString('utf8');
    if (response.ok && text === JSON.stringify(said)) return { part, is: 'well', says: `${origin} decodes what is encrypted here` };
    return {
      part,
      is: 'ill',
      says: `${origin} doesn’t decode what is encrypted here${message ? `: ${message}` : ''}`,
      remedy: 'Give it the same ring: ROLLCALL_PAYLOAD_KEYS.',
    };
  } catch (error) {
    return notThere(
      part,
      origin,
      error,
      'It is needed by the Temporal UI alone. npm start runs one; node dist/workers/codec-server.js is one by itself.',
    );
  }
}

/** Both may be on another machine, so their absence is no illness. */
function notThere(part: string, origin: string, error: unknown, remedy: string): Finding {
  const { message, cause } = error as Error;
  return { part, is: 'unknown', says: `nothing answers at ${origin} (${cause instanceof Error ? cause.message : message})`, remedy };
}

/** Worker and codec server wouldn't start with it either. */
function noPort(part: string, variable: string): Finding {
  return { part, is: 'ill', says: `${variable} is no port`, remedy: 'docs/environment.md says what it may be.' };
}

/** Nothing where what is set is no port. */
function originOf(env: NodeJS.ProcessEnv, part: 'worker' | 'codec', variable: keyof typeof usualPort): string | undefined {
  const port = env[variable];
  if (port && !/^\d{1,5}$/.test(port)) return undefined;
  return (port ? undefined : readState(env)[part]) ?? `http://127.0.0.1:${port || usualPort[variable]}`;
}

function base64(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('base64');
}
