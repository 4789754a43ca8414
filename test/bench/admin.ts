/** The sandbox servers' admin ports: their own counts, latency, churn and the whole truth. */

interface CountsReport {
  routes: Record<string, number>;
  peakInFlight: number;
}

export interface GraphCounts {
  graphRequests: number;
}
export interface TargetCounts {
  targetReads: number;
  targetWrites: number;
}

export async function admin<Answer>(origin: string, method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${origin}${path}`, { method, body: body && JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Answer;
}

export async function lines<Row>(origin: string, path: string): Promise<Row[]> {
  const response = await fetch(`${origin}${path}`);
  if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
  return (await response.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
}

export async function resetCounts(...origins: string[]): Promise<void> {
  for (const origin of origins) await admin(origin, 'DELETE', '/counts');
}

/** Requests to Graph: not to the token endpoint, whose routes begin with the tenant, and a batch is one. */
export function graphCounts({ routes }: CountsReport): GraphCounts {
  return { graphRequests: sum(routes, (route) => !route.startsWith('item ') && !route.includes(' /{tenant}')) };
}

/** A read is a GET, whatever it asks for; a write is anything else. */
export function targetCounts({ routes }: CountsReport): TargetCounts {
  return {
    targetReads: sum(routes, (route) => route.startsWith('GET ')),
    targetWrites: sum(routes, (route) => !route.startsWith('GET ')),
  };
}

export async function countsOf(entra: string, lms: string): Promise<GraphCounts & TargetCounts> {
  return {
    ...graphCounts(await admin<CountsReport>(entra, 'GET', '/counts')),
    ...targetCounts(await admin<CountsReport>(lms, 'GET', '/counts')),
  };
}

function sum(routes: Record<string, number>, counts: (route: string) => boolean): number {
  return Object.entries(routes).reduce((total, [route, count]) => (counts(route) ? total + count : total), 0);
}
