/** Members who are their own manager, at once or by way of others. Those who merely report into such a loop are not in it. */
export function managerLoops(managerOf: ReadonlyMap<string, string>): Set<string> {
  const inLoop = new Set<string>();
  const visitedIn = new Map<string, string>(); // member → the start of the walk that came by
  for (const start of managerOf.keys()) {
    let at: string | undefined = start;
    while (at !== undefined && !visitedIn.has(at)) {
      visitedIn.set(at, start);
      at = managerOf.get(at);
    }
    if (at === undefined || visitedIn.get(at) !== start) continue; // it ended, or ran into an earlier walk
    for (let member = at; !inLoop.has(member); member = managerOf.get(member) as string) inLoop.add(member);
  }
  return inLoop;
}
