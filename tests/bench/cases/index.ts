import type { BenchCase } from '../case.ts';
import { addField } from './add-field.ts';
import { create } from './create.ts';
import { deepPage } from './deep-page.ts';
import { groupCount } from './group-count.ts';
import { keysetPage } from './keyset-page.ts';
import { listPage } from './list-page.ts';
import { listTotal } from './list-total.ts';
import { readChildren } from './read-children.ts';
import { search } from './search.ts';
import { update } from './update.ts';

/** All cases, in the order they run: what changes the model comes last. */
export const CASES: readonly BenchCase[] = [
  listPage,
  listTotal,
  deepPage,
  keysetPage,
  search,
  readChildren,
  groupCount,
  create,
  update,
  addField,
];
