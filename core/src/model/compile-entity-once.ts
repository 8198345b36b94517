import type { Places } from './allocation.ts';
import { compileEntity } from './compile-entity.ts';
import type { EntityDocument, SettingsDocument } from './documents.ts';
import type { EffectiveDocument, EntityModel } from './model.ts';

/** A question for a place, and its answer. */
interface Asked {
  readonly place: string;
  again(allocator: Places): string;
}

interface Compiled {
  readonly settings: SettingsDocument;
  readonly asked: readonly Asked[];
  readonly entity: EntityModel;
}

const COMPILED = new WeakMap<EffectiveDocument<EntityDocument>, Compiled>();

/**
 * As {@link compileEntity}, with the fields of the last time where document, settings and every place are the same: of
 * 300 entities a change touches one. The entity itself is another object in each model, since what is remembered of an
 * entity may hang on others, too (the schema of its lines); a field hangs on nothing else.
 */
export function compileEntityOnce(
  effective: EffectiveDocument<EntityDocument>,
  settings: SettingsDocument,
  allocator: Places,
): EntityModel {
  const known = COMPILED.get(effective);
  const given: string[] = [];
  if (known?.settings === settings) {
    const isOther = ({ place, again }: Asked): boolean => given[given.push(again(allocator)) - 1] !== place;
    if (!known.asked.some(isOther)) return { ...known.entity };
  }
  // A place may be asked for only once: a field of another type is given a new column each time. What was answered
  // until the first difference is the answer to the same questions, in the same order.
  const asked: Asked[] = [];
  const answer = (again: Asked['again']): string => {
    const place = given[asked.length] ?? again(allocator);
    asked.push({ place, again });
    return place;
  };
  const entity = compileEntity(effective, settings, {
    table: (...of) => answer((places) => places.table(...of)),
    column: (...of) => answer((places) => places.column(...of)),
  });
  COMPILED.set(effective, { settings, asked, entity });
  return { ...entity };
}
