import type { FunctionDefinition } from './node.ts';
import { ARITHMETIC } from './operations/arithmetic.ts';
import { CALENDAR } from './operations/calendar.ts';
import { COMPARISON } from './operations/comparison.ts';
import { CONVERSION } from './operations/conversion.ts';
import { LIST } from './operations/list.ts';
import { LOGIC } from './operations/logic.ts';
import { TEXT } from './operations/text.ts';
import { TREE } from './operations/tree.ts';

/** Every operator and function of the language by its name. */
export const FUNCTIONS: ReadonlyMap<string, FunctionDefinition> = new Map(
  [LOGIC, COMPARISON, ARITHMETIC, TEXT, CONVERSION, CALENDAR, TREE, LIST].flatMap((group) =>
    Object.entries(group),
  ),
);
