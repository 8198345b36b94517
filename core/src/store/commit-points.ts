import { failpoint } from './failpoint.ts';

/** Before and after every COMMIT, on either engine. */
export const committing = {
  before: failpoint('store.before-commit'),
  after: failpoint('store.after-commit'),
};
