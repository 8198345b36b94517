import { flagAttribute, mapAttribute, textAttribute } from '../attribute.ts';
import { definitionFault } from '../fault.ts';
import type { DefinitionFault, DefinitionScope, FieldDefinition } from '../field-type.ts';

/** Faults of a choice field: no source of values or two, an unknown dictionary, leaves without a tree. */
export function checkChoice(def: FieldDefinition, scope: DefinitionScope): DefinitionFault[] {
  const dictionary = textAttribute(def, 'dictionary');
  const faults: DefinitionFault[] = [];
  if ((dictionary === undefined) === (def['options'] === undefined)) {
    faults.push(
      definitionFault(
        '',
        'MRT_FIELD_VALUES',
        '须有 dictionary 或 options 之一。',
        'It needs either dictionary or options.',
      ),
    );
  }
  const known = dictionary !== undefined && scope.hasDictionary(dictionary);
  if (dictionary !== undefined && !known) {
    faults.push(
      definitionFault(
        '/dictionary',
        'MRT_FIELD_DICTIONARY',
        `没有字典“${dictionary}”。`,
        `There is no dictionary “${dictionary}”.`,
      ),
    );
  }
  if (flagAttribute(def, 'leafOnly') && !(known && scope.isTree(dictionary))) {
    faults.push(
      definitionFault(
        '/leafOnly',
        'MRT_FIELD_LEAF',
        'leafOnly 只用于树形字典。',
        'leafOnly needs a tree dictionary.',
      ),
    );
  }
  if (def['maxCount'] !== undefined && !flagAttribute(def, 'multiple')) {
    faults.push(
      definitionFault('/maxCount', 'MRT_FIELD_COUNT', 'maxCount 只用于多选。', 'maxCount needs multiple.'),
    );
  }
  const sibling = mapAttribute(def, 'dependsOn')['field'];
  if (typeof sibling === 'string' && scope.entity !== undefined && !scope.hasField(scope.entity, sibling)) {
    faults.push(
      definitionFault(
        '/dependsOn/field',
        'MRT_FIELD_UNKNOWN',
        `没有字段“${sibling}”。`,
        `There is no field “${sibling}”.`,
      ),
    );
  }
  return faults;
}
