/** Somebody who is to get a user name that another linked account has at the moment, or whose own is wanted by somebody. */
export interface NameWish {
  memberId: string;
  /** In the form in which two names are the same to the target. */
  wants: string;
  /** What their account is called now; none where there is no account yet. */
  has?: string;
}

export interface NameQueue {
  /** In this order each finds the name free; `setAside` is renamed to something temporary first, and gets its name by its own later entry. */
  steps: { memberId: string; what: 'setAside' | 'write' }[];
  /** Whose name stays with somebody who doesn't give it up. */
  blocked: string[];
}

/**
 * Orders renames so that nobody is refused a name that is about to become free: chains from their end, cycles (two who swap) by a name set aside.
 * `occupied` says whether a name is held by an account that keeps it.
 */
export function queueForNames(wishes: readonly NameWish[], occupied: (name: string) => boolean): NameQueue {
  const byHeldName = new Map(wishes.flatMap((wish) => (wish.has === undefined ? [] : [[wish.has, wish] as const])));
  const steps: NameQueue['steps'] = [];
  const settled = new Map<string, 'written' | 'blocked'>();

  for (const start of wishes) {
    const path: NameWish[] = [];
    let at: NameWish | undefined = start;
    while (at && !settled.has(at.memberId) && !path.includes(at)) {
      path.push(at);
      const holder: NameWish | undefined = byHeldName.get(at.wants);
      at = holder === at ? undefined : holder;
    }
    const end = path.at(-1);
    if (!end) continue;
    const isCycle = at !== undefined && path.includes(at);
    // Whoever the chain ends at must find their name free; in a cycle that is made so by setting the first one's aside.
    let isFree = isCycle || (at ? settled.get(at.memberId) === 'written' : !occupied(end.wants));
    if (isCycle && at) steps.push({ memberId: at.memberId, what: 'setAside' });
    for (const wish of path.reverse()) {
      if (isFree) steps.push({ memberId: wish.memberId, what: 'write' });
      settled.set(wish.memberId, isFree ? 'written' : 'blocked');
      isFree = isFree && wish.has !== undefined; // a newcomer frees nothing for whoever waits behind
    }
  }
  return { steps: inOrder(steps), blocked: [...settled].flatMap(([memberId, outcome]) => (outcome === 'blocked' ? [memberId] : [])) };
}

/** Names set aside come first: one renaming frees a name for all who wait. */
function inOrder(steps: NameQueue['steps']): NameQueue['steps'] {
  return [...steps.filter(({ what }) => what === 'setAside'), ...steps.filter(({ what }) => what === 'write')];
}
