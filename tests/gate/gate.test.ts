import * as fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../../core/src/testing/databases.ts';
import { gateCases } from './generate.ts';
import { playCase, type Tally } from './play.ts';
import { openStage, type Stage } from './stage.ts';

const WORLDS = 150;
const QUESTIONS = 14;

/*
 * The one gate against a naive oracle (DESIGN §5): worlds of roles, groups, personal rights and refusals, conditions
 * and scopes, in each of which a handful of questions is asked. More of them: `npm run gate`.
 */
describeEngines(
  'the one gate against a naive oracle (SEC-01, SEC-03 to SEC-05, SEC-07, SEC-09, SEC-11, SEC-16)',
  (open) => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await openStage(await open());
    });

    it('answers what the oracle answers, to whomever and whatever is asked', async () => {
      const tally: Tally = { refused: 0, empty: 0, some: 0 };
      await fc.assert(
        fc.asyncProperty(gateCases(QUESTIONS), (given) => playCase(stage, given, tally)),
        { numRuns: WORLDS },
      );
      expect(tally.some).toBeGreaterThan(WORLDS * 2);
      expect(tally.empty).toBeGreaterThan(WORLDS);
      expect(tally.refused).toBeGreaterThan(WORLDS / 2);
    }, 120_000);
  },
);
