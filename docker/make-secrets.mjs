#!/usr/bin/env node
// Makes the secrets that docker-compose.yml reads, once: node docker/make-secrets.mjs [folder]. What is there is never overwritten.
// Needs Node 20 or later and nothing else, so that it also runs where only containers do (docs/servers.md).
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = process.argv[2] ?? '.rollcall/secrets';
// The folder is closed to other users of this machine; the files must be open, for each container reads them as another user.
mkdirSync(folder, { recursive: true });
chmodSync(folder, 0o700);

const password = () => randomBytes(24).toString('hex');

put('postgres_password', password());
put('temporal_database_password', password());
put('rollcall_database_url', `postgres://rollcall:${password()}@postgres:5432/rollcall`);
put('rollcall_sealing_keys', keySet(sealingKey()));
put('rollcall_payload_keys', keySet(payloadKey()));

function put(name, value) {
  const file = join(folder, name);
  try {
    writeFileSync(file, value, { flag: 'wx', mode: 0o444 });
    console.error(`${file}: made`);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    console.error(`${file}: kept`);
  }
}

// JWK sets (RFC 7517): the first key is in use, further ones still open what was made with them.
function keySet(key) {
  return `${JSON.stringify({ keys: [key] }, undefined, 2)}\n`;
}

// Opens customers' credentials: only workers have it. Named by its thumbprint (RFC 7638).
function sealingKey() {
  const { kty, crv, x, y, d } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
  return { kty, crv, x, y, kid, alg: 'ECDH-ES', use: 'enc', d };
}

// Encrypts what passes through Temporal: workers, the CLI and the codec server share it.
function payloadKey() {
  return { kty: 'oct', kid: `payload-${randomBytes(8).toString('hex')}`, alg: 'A256GCM', k: randomBytes(32).toString('base64url') };
}
