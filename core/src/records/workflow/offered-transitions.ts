import { problem } from '../../errors/catalogue.ts';
import { scopeHolds, type ScopeSet } from '../../access/scope-set.ts';
import type { Context } from '../../context/context.ts';
import { progressOf } from '../../workflow/approvals.ts';
import {
  refusalsOfPerson,
  refusalsOfRecord,
  stateOf,
  type Refusal,
  type TransitionCase,
} from '../../workflow/judge-transition.ts';
import type { MachineRegion, MachineTransition } from '../../workflow/machine.ts';
import { machinesOf } from '../../workflow/machines-of.ts';
import type { EntityModel } from '../../model/model.ts';
import type { Transaction } from '../../store/database.ts';
import { entityOf } from '../entity-of.ts';
import { draftOf, gateLoaded, loadRecord } from '../load-record.ts';
import type { OfferedTransition, RegionState, TransitionsAnswer } from '../records.ts';
import { inTransaction, type WriteScope } from '../write-scope.ts';
import { caseOf, ruledRecord, type RuledRecord, type Ruling } from './ruling.ts';

const NO_RIGHT: Refusal = {
  code: 'right',
  message: { 'zh-CN': '您没有办理这条记录的权限。', en: 'You have no right to move this record on.' },
};

function regionState(
  region: MachineRegion,
  ruling: Ruling,
  values: RuledRecord['record']['values'],
): RegionState {
  const state = stateOf(region, values);
  const document = region.document.states[state];
  return {
    workflow: ruling.machine.document.name,
    region: region.name,
    field: region.field.name,
    label: region.document.label,
    state,
    stateLabel: document?.label ?? { 'zh-CN': state, en: state },
    help: document?.help ?? null,
    kind: document?.kind ?? null,
    color: document?.color ?? null,
    final: document?.final === true,
  };
}

/**
 * Where a record stands and what may be done with it, with the reasons against what may not: automatic transitions
 * are left out, and regions whose state the reader may not see. @throws MRT_RECORD_NOT_FOUND, MRT_ACCESS_DENIED
 */
export async function offeredTransitions(
  scope: WriteScope,
  context: Context,
  entityName: string,
  id: string,
  tx?: Transaction,
): Promise<TransitionsAnswer> {
  const entity = entityOf(context, entityName);
  return await inTransaction(scope, tx, (open) => offeredIn(scope, context, entity, id.toLowerCase(), open));
}

async function offeredIn(
  scope: WriteScope,
  context: Context,
  entity: EntityModel,
  id: string,
  tx: Transaction,
): Promise<TransitionsAnswer> {
  const loaded = await loadRecord(tx, context, entity, id);
  if (!loaded) throw problem('MRT_RECORD_NOT_FOUND');
  gateLoaded(context, entity, loaded, 'read');
  const version = Number(loaded.values['version']);
  if (machinesOf(context.model, entity).length === 0) return { version, states: [], transitions: [] };
  const draft = draftOf(context, entity, loaded);
  const ruled = await ruledRecord(scope, context, tx, draft);
  const rights = context.access.compiled.entity(entity);
  const holds = (set: ScopeSet): boolean =>
    scopeHolds(set, loaded.values, context.access.parameters, loaded.up ?? undefined);
  const readable = (name: string): boolean => {
    const field = entity.fields.get(name);
    return field !== undefined && holds(rights.field(field).read);
  };
  const isLive = (loaded.values['deleted_at'] ?? null) === null && loaded.values['is_void'] !== true;
  const mayMove = isLive && holds(rights.rows('transition'));

  const offer = (ruling: Ruling, transition: MachineTransition): OfferedTransition => {
    const { name, region, document } = transition;
    const on = caseOf(ruled, ruling, null);
    const refusals = [
      ...(mayMove ? [] : [NO_RIGHT]),
      ...refusalsOfPerson(transition, on),
      ...refusalsOfRecord(transition, on, true),
    ];
    return {
      name,
      workflow: ruling.machine.document.name,
      region: region.name,
      label: document.label,
      help: document.help ?? null,
      to: document.to,
      tone: document.tone ?? null,
      opinion: document.opinion ?? 'none',
      approvals: progressView(transition, on),
      fields: Object.fromEntries(
        Object.keys(document.fields ?? {})
          .filter(readable)
          .map((field) => [field, { required: document.required?.[field] === true }]),
      ),
      allowed: refusals.length === 0,
      reasons: refusals.map(({ code, message, field }) => ({
        code,
        message:
          field === undefined
            ? message
            : fieldMessage(entity.fields.get(field)?.label ?? { 'zh-CN': field, en: field }),
      })),
    };
  };
  const shown = ruled.rulings.flatMap((ruling) =>
    ruling.machine.regions
      .filter((region) => readable(region.field.name))
      .map((region) => ({ ruling, region })),
  );
  return {
    version,
    states: shown.map(({ ruling, region }) => regionState(region, ruling, loaded.values)),
    transitions: shown.flatMap(({ ruling, region }) =>
      [...ruling.machine.transitions.values()]
        .filter((each) => each.region === region && each.document.on !== 'change')
        .map((each) => offer(ruling, each)),
    ),
  };
}

/** The approvals of a transition by name, with those given and those asked for now. */
function progressView(transition: MachineTransition, on: TransitionCase): OfferedTransition['approvals'] {
  if (transition.parts.length === 0) return [];
  const { parts, open } = progressOf(transition, on);
  return parts.map(({ part, isDone }) => ({
    label: part.document.label,
    state: isDone ? 'given' : open.includes(part) ? 'asked' : 'later',
  }));
}

function fieldMessage(label: Readonly<Record<'zh-CN' | 'en', string>>): Refusal['message'] {
  return { 'zh-CN': `请先填写“${label['zh-CN']}”。`, en: `Fill in “${label.en}” first.` };
}
