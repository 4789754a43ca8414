import { mediaType, ScimError, urn } from '../scim';
import type { Answer } from './service';

export interface BulkOptions {
  maxOperations: number;
  /** Servers differ: `"201"`, `201` or `{"code":"201"}`. */
  status: 'text' | 'number' | 'object';
}

interface Operation {
  method?: string;
  path?: string;
  bulkId?: string;
  data?: unknown;
}

/** Does the operations in their order (RFC 7644, 3.7); a reference `bulkId:x` is to one that came before. Throws `ScimError`. */
export function doInBulk(message: unknown, options: BulkOptions, operate: (method: string, path: string, body: string) => Answer): object {
  const { Operations, failOnErrors } = (message ?? {}) as { Operations?: Operation[]; failOnErrors?: number };
  if (!Array.isArray(Operations)) throw new ScimError(400, 'invalidSyntax', "'Operations' must be a list");
  if (Operations.length > options.maxOperations) {
    throw new ScimError(413, 'tooMany', `No more than ${options.maxOperations} operations at once`);
  }
  const ids = new Map<string, string>();
  const results: object[] = [];
  let errors = 0;
  for (const { method = '', path = '', bulkId, data } of Operations) {
    if (failOnErrors !== undefined && errors >= failOnErrors) break;
    const refer = (text: string) => text.replace(/bulkId:([^"/\s]+)/g, (reference, id: string) => ids.get(id) ?? reference);
    const { status, body, contentType, location } = operate(method.toUpperCase(), refer(path), refer(JSON.stringify(data ?? null)));
    if (status >= 400) errors++;
    else if (bulkId !== undefined && body !== '') ids.set(bulkId, (JSON.parse(body) as { id: string }).id);
    results.push({
      method,
      ...(bulkId !== undefined && { bulkId }),
      ...(location !== undefined && { location }),
      status: statusIn(options.status, status),
      ...(status >= 400 && { response: contentType === mediaType ? (JSON.parse(body) as unknown) : body }),
    });
  }
  return { schemas: [urn.bulkResponse], Operations: results };
}

function statusIn(form: BulkOptions['status'], status: number): unknown {
  if (form === 'number') return status;
  return form === 'object' ? { code: String(status) } : String(status);
}
