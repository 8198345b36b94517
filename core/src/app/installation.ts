import type { Database } from '../store/database.ts';

/** What the installation remembers of itself beside its documents. */
export interface Installation {
  /** True until an administrator has finished the first-run wizard. */
  firstRun(): Promise<boolean>;
  finishFirstRun(): Promise<void>;
}

const FINISHED = 'setup.finished';

/** The installation's own notes in the database. */
export function createInstallation(db: Database): Installation {
  // Never taken back, so that it is asked for only until it is true.
  let finished = false;
  return {
    async firstRun() {
      if (!finished) {
        const rows = await db.query({
          text: 'select 1 from mortise.installation where key = $1',
          values: [FINISHED],
        });
        finished = rows.length > 0;
      }
      return !finished;
    },
    async finishFirstRun() {
      await db.query({
        text: 'insert into mortise.installation (key, value) values ($1, $2::json) on conflict (key) do nothing',
        values: [FINISHED, JSON.stringify({ at: new Date().toISOString() })],
      });
      finished = true;
    },
  };
}
