import { REVIEW_FIELDS } from '../model/system-fields.ts';
import type { Draft } from './draft.ts';
import { changesOf } from './history-row.ts';

const MARKS = ['first_review_mark', 'second_review_mark'] as const;

/**
 * A reviewed record whose content changes must be reviewed again (DM-COM-15). A write that sets a mark is the review
 * itself and clears nothing.
 */
export function clearReviews(draft: Draft): void {
  if (!draft.entity.reviews || draft.previous === null) return;
  const changed = Object.keys(changesOf(draft));
  if (MARKS.some((mark) => changed.includes(mark))) return;
  const content = changed.filter(
    (name) => !REVIEW_FIELDS.has(name) && draft.entity.fields.get(name)?.system !== true,
  );
  if (content.length === 0) return;
  for (const mark of MARKS)
    if (draft.entity.fields.has(mark) && draft.values[mark] !== 'pending') draft.values[mark] = 'pending';
}
