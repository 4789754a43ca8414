interface Abortable {
  abort(reason: Error): void;
}

type Kind = 'reads' | 'writes';

interface Group {
  reads: Set<Abortable>;
  writes: Set<Abortable>;
  listener: () => void;
}

/** Milliseconds that a write which has been sent may still take once its caller wants to stop: an answer that comes is worth more than a guess. */
export const writeGrace = 5_000;

/**
 * Requests by the signal that can end them. One listener serves all requests of a signal that are under way: a listener for each request, as
 * undici sets one, costs more than the request's own JSON.
 */
export class InFlight {
  private readonly groups = new Map<AbortSignal, Group>();

  enter(request: Abortable, kind: Kind, signal: AbortSignal): void {
    let group = this.groups.get(signal);
    if (!group) this.groups.set(signal, (group = listening(signal)));
    group[kind].add(request);
  }

  leave(request: Abortable, kind: Kind, signal: AbortSignal): void {
    const group = this.groups.get(signal);
    if (!group) return;
    group[kind].delete(request);
    if (group.reads.size + group.writes.size > 0) return;
    signal.removeEventListener('abort', group.listener);
    this.groups.delete(signal);
  }
}

function listening(signal: AbortSignal): Group {
  const group: Group = {
    reads: new Set(),
    writes: new Set(),
    listener: () => {
      const reason = signal.reason instanceof Error ? signal.reason : new Error('The request was aborted', { cause: signal.reason });
      for (const read of [...group.reads]) read.abort(reason);
      if (group.writes.size > 0) setTimeout(() => [...group.writes].forEach((write) => write.abort(reason)), writeGrace).unref();
    },
  };
  signal.addEventListener('abort', group.listener, { once: true });
  return group;
}
