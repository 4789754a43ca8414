export interface CountsReport {
  /** All requests, faulted ones included. */
  total: number;
  /** By method and route template, such as `GET /groups/{id}/members`. */
  routes: Record<string, number>;
  /** Bytes of answers' bodies, where the server tells them. */
  bytesOut: number;
  /** The most requests that were in flight at one moment since the last reset. */
  peakInFlight: number;
}

/** How often each route was asked for. Cheap enough for a bench: a map and three numbers. */
export class Counts {
  private routes = new Map<string, number>();
  private bytesOut = 0;
  private inFlight = 0;
  private peakInFlight = 0;

  arrived(route: string): void {
    this.routes.set(route, (this.routes.get(route) ?? 0) + 1);
    if (++this.inFlight > this.peakInFlight) this.peakInFlight = this.inFlight;
  }

  left(): void {
    this.inFlight--;
  }

  /** An item of a batch: shown among the routes as `item GET /…`, no request of its own in the total. */
  item(route: string): void {
    const name = `item ${route}`;
    this.routes.set(name, (this.routes.get(name) ?? 0) + 1);
  }

  sent(bytes: number): void {
    this.bytesOut += bytes;
  }

  of(route: string): number {
    return this.routes.get(route) ?? 0;
  }

  report(): CountsReport {
    const routes = Object.fromEntries([...this.routes].sort(([one], [other]) => (one < other ? -1 : 1)));
    const total = Object.entries(routes).reduce((sum, [route, count]) => (route.startsWith('item ') ? sum : sum + count), 0);
    return { total, routes, bytesOut: this.bytesOut, peakInFlight: this.peakInFlight };
  }

  reset(): void {
    this.routes = new Map();
    this.bytesOut = 0;
    this.peakInFlight = this.inFlight;
  }
}
