/** Faults that are on during a campaign, each with a small probability for every request. They pass by themselves; none of them is anybody's fault. */
const troubles = (scale: number, seed: number, path?: string) =>
  [
    { kind: 'throttled', probability: 2 * scale, retryAfter: 0.2 },
    { kind: 'unavailableHtml', probability: scale },
    { kind: 'resetBefore', probability: scale },
    { kind: 'resetAfter', probability: 2 * scale },
    { kind: 'cutOff', probability: scale, ending: 'length' },
    { kind: 'cutOff', probability: scale, ending: 'connection' },
    { kind: 'slow', probability: 2 * scale, delayMs: 400 },
  ].map((rule, index) => ({ ...rule, seed: seed + index, ...(path !== undefined && { match: { path } }) }));

export const entraTroubles = (seed: number) => [
  ...troubles(0.006, seed),
  ...troubles(0.02, seed + 100, '/oauth2/v2[.]0/token'),
  // Next links promise no snapshot: now and then somebody is missing though still a member.
  { kind: 'memberFallsOut', probability: 0.2, seed: seed + 150 },
];
export const lmsTroubles = (seed: number) => troubles(0.002, seed + 200);

/**
 * For as long as they are on, every question about anybody's groups is answered with none, as where the membership is hidden, while members fall out of
 * the pages: nobody can be shown to have left, and some who look like it have not.
 */
export const blindness = (seed: number) => [
  { kind: 'hiddenMembership', match: { path: 'checkMemberGroups|memberOf' } },
  { kind: 'memberFallsOut', probability: 0.5, seed: seed + 300 },
];
