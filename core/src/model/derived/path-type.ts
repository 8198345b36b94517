import { toExpressionType, type ExpressionType } from '../../expression/index.ts';
import { fieldType } from '../../fields/registry.ts';
import type { EntityModel, FieldModel, Model } from '../model.ts';

/** The type an expression sees at a path: an own field, one over references, an attribute of a dictionary's value. */
export function pathType(
  model: Model,
  entity: EntityModel,
  path: readonly string[],
): ExpressionType | undefined {
  const [first, ...rest] = path;
  const field = entity.fields.get(first ?? '');
  if (!field) return undefined;
  if (rest.length === 0)
    return field.type === 'id' ? 'string' : toExpressionType(fieldType(field.type).expressionType(field.def));
  const target = field.type === 'reference' ? model.entities.get(String(field.def['entity'])) : undefined;
  if (target) return pathType(model, target, rest);
  return hasAttribute(model, field, rest) ? 'string' : undefined;
}

/** Is the path an attribute of a dictionary's value (`city.area_code`)? */
function hasAttribute(model: Model, field: FieldModel, path: readonly string[]): boolean {
  const [name = '', ...rest] = path;
  if (field.type !== 'choice' || field.def['multiple'] === true || rest.length > 0) return false;
  return model.dictionaries.get(String(field.def['dictionary']))?.attributes?.[name] !== undefined;
}
