import type { BeforeWrite, RecordData } from '@mortise/core/plugin';

/** Notes who reviewed the contract and the finances, and when; a review set back to pending forgets both. */
export function stampReviews({ draft, previous }: BeforeWrite, reviewer: string, now: Date): RecordData {
  const stamps: Record<string, unknown> = {};
  for (const review of ['contract', 'finance']) {
    const result = draft[`${review}_review`] ?? 'pending';
    if (result === (previous?.[`${review}_review`] ?? 'pending')) continue;
    stamps[`${review}_reviewer`] = result === 'pending' ? null : reviewer;
    stamps[`${review}_reviewed_at`] = result === 'pending' ? null : now.toISOString();
  }
  return stamps;
}
