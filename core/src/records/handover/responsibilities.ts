import type { EntityModel, FieldModel, Model } from '../../model/model.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import type { MachineRegion } from '../../workflow/machine.ts';
import { DECIDING_RIGHTS } from '../../access/deciding-rights.ts';
import { targetEntity } from '../type-of-field.ts';
import type { ResponsibilityKind } from './handover.ts';

/** A field in which records name a person: the account, or a card that stands for it. */
export interface ResponsibleField {
  readonly by: EntityModel;
  readonly field: FieldModel;
  readonly kind: ResponsibilityKind;
  /** The field of the account that leads to the card; null where the account itself is named. */
  readonly card: FieldModel | null;
  /** States of the record; it is left alone when it is in a final one of each. Empty: always handed over. */
  readonly regions: readonly MachineRegion[];
}

/**
 * Cards of a person: entities that the account refers to and that refer to the account, e.g. the member of the staff.
 */
function cardsOf(user: EntityModel, model: Model): ReadonlyMap<string, FieldModel> {
  const cards = new Map<string, FieldModel>();
  for (const field of user.fields.values()) {
    const target = field.type === 'reference' && !field.system ? targetEntity(field) : null;
    const entity = target === null ? undefined : model.entities.get(target);
    if (!entity || entity === user) continue;
    const back = [...entity.fields.values()].some(
      (each) => each.type === 'reference' && !each.system && targetEntity(each) === user.name,
    );
    if (back) cards.set(entity.name, field);
  }
  return cards;
}

/** Fields by which the transitions of an entity decide who acts. */
function actingFields(regions: readonly MachineRegion[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { document } of regions)
    for (const { who, guards } of Object.values(document.transitions)) {
      const alternatives = [
        ...Object.values(who ?? {}),
        ...Object.values(guards ?? {}).flatMap((guard) => Object.values(guard.who ?? {})),
      ];
      for (const each of alternatives)
        for (const path of [each.field, each.supervisorOf, each.unitOf?.field])
          if (path !== undefined) names.add(path.split('.')[0]!);
    }
  return names;
}

/** Every field in which some record may name a person, those he answers for first. */
export function responsibleFields(model: Model): readonly ResponsibleField[] {
  const user = model.entities.get('user');
  if (!user) return [];
  const cards = cardsOf(user, model);
  const organisation = new Set([user.name, 'unit', ...cards.keys()]);
  const found: ResponsibleField[] = [];
  for (const by of model.entities.values()) {
    const regions = machinesOf(model, by).flatMap((machine) => machine.regions);
    const acting = actingFields(regions);
    for (const field of by.fields.values()) {
      if (field.column === null || field.derived) continue;
      if (field.type !== 'reference' && field.type !== 'references') continue;
      const target = targetEntity(field);
      const card = target === null ? undefined : cards.get(target);
      if (target !== user.name && !card) continue;
      const acts = acting.has(field.name);
      // What the platform fills tells who did something; so does what only a workflow writes, unless it asks by it.
      if ((field.system && field.readOnly) || (field.readOnly && !acts)) continue;
      // Who stands in for the leaving person was chosen by him: a successor chooses his own (SEC-16).
      if (by.name === 'deputy') continue;
      // Personal grants and groups are the leaving person's own; others do not come by them.
      if (DECIDING_RIGHTS.has(by.name) && by !== user && field.name !== 'owner') continue;
      // The account's own card, and the card's account.
      if (
        (by === user && target !== user.name) ||
        (cards.has(by.name) && target === user.name && field.name !== 'owner')
      )
        continue;
      const kind: ResponsibilityKind =
        field.system && field.name === 'owner'
          ? 'owner'
          : organisation.has(by.name)
            ? 'organisation'
            : acts
              ? 'workflow'
              : 'other';
      found.push({ by, field, kind, card: card ?? null, regions: kind === 'workflow' ? regions : [] });
    }
  }
  const order: readonly ResponsibilityKind[] = ['owner', 'organisation', 'workflow', 'other'];
  return found.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** States of a region in which nothing is left to be done. */
export function finalStates({ document }: MachineRegion): readonly string[] {
  return Object.entries(document.states).flatMap(([name, state]) => (state.final ? [name] : []));
}
