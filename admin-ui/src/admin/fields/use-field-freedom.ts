import type { FieldDocument } from '@mortise/core/contract';
import { i18n } from '../../locales';
import type { Stored } from '../api/documents';
import { freedomOf } from './field-rules';
import type { AttributeSpec, Flag } from './field-types';

/** Why an attribute of a field cannot be changed, or only in one direction (ENG-07). Null: it is free. */
export interface FieldFreedom {
  reasonFor(attribute: string): string | null;
  limitFor(attribute: string): string | null;
  flagReason(flag: Flag): string | null;
  /** Name under which the rules know an attribute of the editor. */
  ruleName(spec: AttributeSpec, attributes: Readonly<Record<string, unknown>>): string;
}

/** What may be changed of the field `name` that `layer` has introduced; everything of a new one (`name` is ''). */
export function useFieldFreedom(
  entity: Stored<'entity'>,
  name: string,
  layer: string,
  pluginLabels: ReadonlyMap<string, string>,
): FieldFreedom {
  const { t } = i18n.global;
  const isNew = name === '';
  const original: FieldDocument | undefined = entity.document.properties[name];
  const plugin = layer.startsWith('plugin:') ? layer.slice('plugin:'.length) : '';
  const owner = (): string =>
    plugin
      ? t('admin.layer.ofPlugin', { plugin: pluginLabels.get(plugin) ?? plugin })
      : t('admin.layer.ofProduct');
  const setBy = (attribute: string): string => entity.provenance[`/properties/${name}/${attribute}`] ?? layer;

  function reasonFor(attribute: string): string | null {
    return !isNew && freedomOf(layer, attribute) === 'locked'
      ? t('admin.field.locked', { owner: owner() })
      : null;
  }
  function limitFor(attribute: string): string | null {
    if (isNew) return null;
    const freedom = freedomOf(layer, attribute);
    if (freedom === 'tighten') return t('admin.field.tightenOnly', { owner: owner() });
    return freedom === 'extend' ? t('admin.field.extendOnly', { owner: owner() }) : null;
  }
  return {
    reasonFor,
    limitFor,
    flagReason(flag) {
      if (layer === 'system' && flag !== 'hidden') return t('admin.field.systemField');
      const locked = reasonFor(flag);
      if (locked) return locked;
      // What a lower layer has tightened stays; what the site itself has set can be taken back.
      const given = !isNew && layer !== 'site' && original?.[flag] === true && setBy(flag) !== 'site';
      return given && freedomOf(layer, flag) === 'tighten' ? limitFor(flag) : null;
    },
    ruleName: (spec, attributes) =>
      spec.name === 'values' ? (attributes['options'] ? 'options' : 'dictionary') : spec.name,
  };
}
