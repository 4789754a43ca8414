interface Aborts {
  abort(reason: Error): void;
}

/** Milliseconds that a write which has been sent may still take once its caller wants to stop: an answer that comes is worth more than a guess. */
export const writeGrace = 5_000;

/**
 * Requests by the signal that can end them. One listener serves all requests of a signal: a listener for each request, as undici sets one,
 * costs more than the request's own JSON.
 */
export class InFlight {
  private readonly bySignal = new WeakMap<AbortSignal, { reads: Set<Aborts>; writes: Set<Aborts> }>();

  /** Gives back what to call when the request has ended. */
  enter(request: Aborts, kind: 'reads' | 'writes', signal: AbortSignal): Set<Aborts> {
    let sets = this.bySignal.get(signal);
    if (!sets) {
      const made = { reads: new Set<Aborts>(), writes: new Set<Aborts>() };
      const reason = () =>
        signal.reason instanceof Error ? signal.reason : new Error('The request was aborted', { cause: signal.reason });
      const endAll = (set: Set<Aborts>) => [...set].forEach((one) => one.abort(reason()));
      signal.addEventListener(
        'abort',
        () => {
          endAll(made.reads);
          if (made.writes.size > 0) setTimeout(() => endAll(made.writes), writeGrace).unref();
        },
        { once: true },
      );
      this.bySignal.set(signal, (sets = made));
    }
    return sets[kind].add(request);
  }
}
