import { lackingPower } from '../access/lacking-power.ts';
import type { Context } from '../context/context.ts';
import type { Fault } from '../errors/problem.ts';
import type { EntityModel, FieldModel } from '../model/model.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { pointerSegment } from './query-problem.ts';
import { sameValue } from './same-value.ts';
import { faultAt } from './value-fault.ts';
import { typeOfField } from './type-of-field.ts';

type Values = Readonly<Record<string, unknown>>;

function codesOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((code): code is string => typeof code === 'string');
}

interface Dependence {
  readonly field: string;
  readonly mapping?: string;
}

/** The code and the codes above it. */
function upwards(dictionaries: Dictionaries, dictionary: string, code: string): readonly string[] {
  const path: string[] = [];
  for (let at: string | null = code; at !== null && !path.includes(at);) {
    path.push(at);
    at = dictionaries.value(dictionary, at)?.parent ?? null;
  }
  return path;
}

/**
 * Does the choice fit the value it depends on (DICT-08a)? An empty one allows everything. Below an allowed value
 * everything is allowed; a value none of whose ancestors is a value of the deciding dictionary does not depend on it.
 */
function fits(
  context: Context,
  dictionaries: Dictionaries,
  dictionary: string,
  code: string,
  dependence: Dependence,
  values: Values,
  entity: EntityModel,
): boolean {
  const deciding = codesOf(values[dependence.field]);
  if (deciding.length === 0) return true;
  const path = upwards(dictionaries, dictionary, code);
  if (dependence.mapping !== undefined) {
    const mapping = context.model.dictionaries.get(dictionary)?.mappings?.[dependence.mapping]?.map;
    return deciding.some((above) => path.some((each) => mapping?.[above]?.[each] === true));
  }
  const value = dictionaries.value(dictionary, code);
  const from = entity.fields.get(dependence.field)?.def['dictionary'];
  const named = [
    value?.data[dependence.field],
    typeof from === 'string' ? value?.data[from] : undefined,
  ].filter((each) => each !== undefined);
  if (named.length > 0) return named.some((each) => deciding.includes(String(each)));
  if (from === dictionary)
    return deciding.some((above) => dictionaries.descendants(dictionary, above).includes(code));
  const above = path.filter(
    (each) => typeof from === 'string' && dictionaries.value(from, each) !== undefined,
  );
  return above.length === 0 || above.some((each) => deciding.includes(each));
}

/** A role that is not there, or that would give a user a power which the giver lacks (SEC-06). */
function faultOfRole(
  path: string,
  context: Context,
  entity: EntityModel,
  field: FieldModel,
  code: string,
  kept: boolean,
): Fault | null {
  const role = context.model.roles.get(code);
  if (!role) return faultAt(path, 'MRT_VALUE_CHOICE', `没有角色“${code}”。`, `There is no role “${code}”.`);
  // Elsewhere a role is only named; here it becomes somebody's.
  const gives = entity.name === 'user' || entity.name === 'user_group';
  if (kept || !gives || field.name !== 'roles') return null;
  const lacking = lackingPower(context.model, context.access, [code]);
  if (lacking === null) return null;
  return faultAt(
    path,
    'MRT_VALUE_ROLE_HIGHER',
    `角色“${role.label['zh-CN']}”含有您没有的“${lacking}”功能权限,您不能授予。`,
    `The role “${role.label.en}” holds the function permission “${lacking}”, which you lack; you cannot give it.`,
  );
}

function faultOf(
  path: string,
  context: Context,
  dictionaries: Dictionaries,
  entity: EntityModel,
  field: FieldModel,
  code: string,
  kept: boolean,
  values: Values,
): Fault | null {
  const dictionary = field.def['dictionary'];
  if (typeof dictionary !== 'string') return null;
  if (dictionary === '$roles') return faultOfRole(path, context, entity, field, code, kept);
  const value = dictionaries.value(dictionary, code);
  if (!value)
    return faultAt(
      path,
      'MRT_VALUE_CHOICE',
      `字典中没有“${code}”。`,
      `The dictionary has no value “${code}”.`,
    );
  // A retired value stays where it is, and is not given anew.
  if (!value.active && !kept)
    return faultAt(
      path,
      'MRT_VALUE_CHOICE',
      `“${value.label['zh-CN']}”已停用。`,
      `“${value.label.en}” is retired.`,
    );
  const isLeaf = !dictionaries.values(dictionary).some((each) => each.parent === code && each.active);
  if (field.def['leafOnly'] === true && !isLeaf && !kept) {
    return faultAt(
      path,
      'MRT_VALUE_CHOICE',
      `“${value.label['zh-CN']}”还有下级,请选末级。`,
      `“${value.label.en}” has values below it; choose one of those.`,
    );
  }
  const dependence = field.def['dependsOn'] as Dependence | undefined;
  if (dependence && !fits(context, dictionaries, dictionary, code, dependence, values, entity)) {
    return faultAt(
      path,
      'MRT_VALUE_CHOICE',
      `“${value.label['zh-CN']}”与“${dependence.field}”的值不符。`,
      `“${value.label.en}” does not belong to the value of “${dependence.field}”.`,
    );
  }
  return null;
}

/** Codes inside of a value (the region of an address) that no dictionary has, or that are retired. */
function faultsInside(
  dictionaries: Dictionaries,
  field: FieldModel,
  values: Values,
  previous: Values | null,
  at: string,
): Fault[] {
  const { type, def } = typeOfField(field);
  const value = values[field.name];
  if (!type.codes || value === null || value === undefined) return [];
  const kept = type.codes(previous?.[field.name] ?? null, def).map(({ code }) => code);
  return type.codes(value, def).flatMap(({ dictionary, code, at: inside }) => {
    const known = dictionaries.value(dictionary, code);
    if (known && (known.active || kept.includes(code))) return [];
    const path = `${at}/${pointerSegment(field.name)}${inside}`;
    return known
      ? faultAt(
          path,
          'MRT_VALUE_CHOICE',
          `“${known.label['zh-CN']}”已停用。`,
          `“${known.label.en}” is retired.`,
        )
      : faultAt(path, 'MRT_VALUE_CHOICE', `字典中没有“${code}”。`, `The dictionary has no value “${code}”.`);
  });
}

/** Faults of the choices that changed, or whose deciding field changed. */
export function checkChoices(
  context: Context,
  dictionaries: Dictionaries,
  entity: EntityModel,
  values: Values,
  previous: Values | null,
  at: string,
): Fault[] {
  const faults: Fault[] = [];
  for (const field of entity.fields.values()) {
    const value = values[field.name];
    faults.push(...faultsInside(dictionaries, field, values, previous, at));
    if (field.type !== 'choice' || value === null || value === undefined) continue;
    const dependence = field.def['dependsOn'] as Dependence | undefined;
    const deciderChanged =
      dependence !== undefined && !sameValue(previous?.[dependence.field], values[dependence.field]);
    if (previous && sameValue(previous[field.name], value) && !deciderChanged) continue;
    const stored = codesOf(previous?.[field.name]);
    for (const [index, code] of codesOf(value).entries()) {
      const path = `${at}/${pointerSegment(field.name)}${Array.isArray(value) ? `/${index}` : ''}`;
      const fault = faultOf(path, context, dictionaries, entity, field, code, stored.includes(code), values);
      if (fault) faults.push(fault);
    }
  }
  return faults;
}
