import { createPublicKey, generateKeyPairSync, randomUUID, sign, verify, type KeyObject } from 'node:crypto';
import { GraphRefusal } from './graph-answer';

export interface Claims {
  aud: string;
  tid: string;
  appid: string;
  roles: string[];
  uti: string;
  /** Seconds since 1970. */
  iat: number;
  exp: number;
}

let processKey: KeyObject | undefined;

/** Signed once per process: making an RSA key takes a while, and no client looks at the signature. */
function signingKey(): KeyObject {
  processKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return processKey;
}

/** App-only access tokens as Entra makes them (JWT, RS256), and their check by Graph. */
export class AccessTokens {
  private readonly key = signingKey();
  private readonly publicKey = createPublicKey(this.key);
  private readonly accepted = new Map<string, Claims>();
  /** Of the tokens that were not revoked, by what each alone has (`uti`). */
  private readonly standing = new Set<string>();

  constructor(
    private readonly tenantId: string,
    private readonly issuer: string,
    /** The names by which Graph goes: it takes tokens for itself. */
    private readonly graph: () => readonly string[],
  ) {}

  make({ clientId, roles, audience, lifetimeMs }: { clientId: string; roles: string[]; audience: string; lifetimeMs: number }): string {
    const now = Date.now() / 1000;
    const uti = randomUUID();
    this.standing.add(uti);
    const claims = {
      aud: audience,
      iss: this.issuer,
      iat: Math.floor(now),
      nbf: Math.floor(now),
      exp: now + lifetimeMs / 1000,
      app_displayname: 'Rollcall',
      appid: clientId,
      appidacr: '1',
      idtyp: 'app',
      roles,
      tid: this.tenantId,
      uti,
      ver: '1.0',
    };
    const head = `${base64(JSON.stringify({ typ: 'JWT', alg: 'RS256', kid }))}.${base64(JSON.stringify(claims))}`;
    return `${head}.${sign('sha256', Buffer.from(head), this.key).toString('base64url')}`;
  }

  /** From now on no token counts that was made before. */
  revoke(): void {
    this.standing.clear();
    this.accepted.clear();
  }

  /** The key that tokens can be checked by, as a JSON Web Key Set. */
  keySet(): { keys: object[] } {
    return { keys: [{ ...this.publicKey.export({ format: 'jwk' }), use: 'sig', kid, issuer: this.issuer }] };
  }

  /** What the header `Authorization` proves. Throws 401 InvalidAuthenticationToken. */
  check(authorization: string | undefined): Claims {
    const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw invalid('Access token is empty.');
    const claims = this.accepted.get(token) ?? this.verified(token);
    if (Date.now() / 1000 >= claims.exp) {
      this.accepted.delete(token);
      throw invalid('Lifetime validation failed, the token is expired.');
    }
    return claims;
  }

  private verified(token: string): Claims {
    const [head = '', body = '', signature = ''] = token.split('.');
    const genuine = verify('sha256', Buffer.from(`${head}.${body}`), this.publicKey, Buffer.from(signature, 'base64url'));
    if (!genuine) throw invalid('CompactToken parsing failed with error code: 80049217');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Claims;
    if (claims.tid !== this.tenantId) throw invalid('Access token validation failure. Invalid tenant.');
    if (!this.graph().includes(claims.aud)) throw invalid('Access token validation failure. Invalid audience.');
    if (!this.standing.has(claims.uti))
      throw invalid(
        'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
      );
    this.accepted.set(token, claims);
    return claims;
  }
}

const kid = 'rollcall-sandbox';
const base64 = (text: string) => Buffer.from(text).toString('base64url');
const invalid = (message: string) => new GraphRefusal(401, 'InvalidAuthenticationToken', message);
