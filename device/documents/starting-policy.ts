/**
 * What a store goes by before its hub sent a signed bundle: it may look, list and count, and approves nothing.
 */
import type { PolicyBundle } from '@truecount/protocol';

export const startingPolicy = (currency: string): PolicyBundle => ({
  version: 1,
  effectiveFrom: '1970-01-01T00:00:00.000Z',
  scope: '*',
  currency,
  detection: {
    phantomOpen: 0.2,
    phantomClose: 0.6,
    stockoutOpen: 0.8,
    stockoutClose: 0.5,
    coverDays: 2,
    minExposureMinor: 100,
    feedSilentMinutes: 30,
  },
  tiers: [{ kind: '*', option: '*', tier: 'recommend' }],
  approvals: { managerMaxMinor: 0, outageMaxMinor: 0, outageHalvingHours: 24, proposalHours: 8 },
  planner: { alpha: 0.1, maxUnits: 100, blockedPairs: [], blockedSkus: [] },
  labour: { minorPerHour: 2500, minutesPerCount: 2 },
});
