import { describe, expect, it, vi } from 'vitest';
import type { WorkflowDocument } from '@mortise/core/contract';
import review from '../../../../metadata/workflows/data_review.json';
import { api } from '../../api/client';
import type { Stored } from '../api/documents';
import { layoutWorkflow } from './layout-graph';
import { useWorkflowDraft } from './use-workflow-draft';
import { workflowChanges } from './workflow-changes';
import {
  addState,
  addTransition,
  recodeState,
  removeState,
  removeTransition,
  renameTransition,
  type WorkflowDraft,
} from './workflow-edit';

vi.mock('../../api/client', async (original) => ({ ...(await original<object>()), api: vi.fn() }));

const shipped = (): WorkflowDraft => structuredClone(review) as unknown as WorkflowDraft;
const label = (en: string) => ({ 'zh-CN': en, en });

describe('editing a workflow', () => {
  it('ENG-10 adds states and transitions under free names, and takes no check away with them', () => {
    const draft = shipped();
    const region = draft.regions['review']!;
    expect(addState(draft, 'review', label('Rejected'))).toBe('rejected_2');
    expect(addTransition(draft, 'review', 'rejected_2', 'unreviewed', label('First pass'))).toBe(
      'first_pass_2',
    );
    removeTransition(draft, 'review', 'first_pass');
    expect(region.transitions['second_pass']!.fourEyes).toEqual({
      author: true,
      transitions: { first_pass: true },
    });
    expect(region.transitions['withdraw_first']!.who).toEqual({ reviewer: { stepBy: { first_pass: true } } });
    removeState(draft, 'review', 'rejected');
    expect(region.transitions['second_return']).toBeUndefined();
    expect(region.transitions['content_changed']!.from).toEqual({ first_passed: true, second_passed: true });
  });

  it('ENG-10 gives a new state another code in every transition, in its place', () => {
    const draft = shipped();
    recodeState(draft, 'review', 'unreviewed', 'fresh');
    const region = draft.regions['review']!;
    expect([region.initial, Object.keys(region.states)[0]]).toEqual(['fresh', 'fresh']);
    expect(region.transitions['first_pass']!.from).toEqual({ fresh: true });
    expect(region.transitions['resubmit']!.to).toBe('fresh');
  });

  it('ENG-10 gives a transition another name where a deadline takes it', () => {
    const draft = shipped();
    const { states } = draft.regions['review']!;
    states['unreviewed']!.deadlines = {
      late: {
        label: label('Late'),
        after: { days: 3 },
        actions: { pass: { action: 'transition', transition: 'first_pass' } },
      },
    };
    renameTransition(draft, 'review', 'first_pass', 'look_first');
    expect(states['unreviewed']!.deadlines['late']!.actions['pass']!.transition).toBe('look_first');
  });

  it('ENG-10 sends the base at which a workflow was opened, until what others saved has been seen', async () => {
    const stored = { kind: 'workflow', name: 'data_review', base: 'opened', provenance: {} };
    const opened = { ...stored, document: shipped() } as unknown as Stored<'workflow'>;
    vi.mocked(api).mockImplementation(async (_path, options) =>
      options?.query?.['kind'] === 'workflow' ? { items: [{ ...opened, base: 'newer' }] } : { items: [] },
    );
    const baseWhen = async (fresh: boolean) =>
      (await workflowChanges(shipped() as WorkflowDocument, opened, () => undefined, new Map(), fresh)).at(-1)
        ?.base;
    expect([await baseWhen(false), await baseWhen(true), await baseWhen(false)]).toEqual([
      'opened',
      'newer',
      'opened',
    ]);
  });

  it('UI-08 takes steps back and does them again, and knows what is stored', () => {
    const { open, draft, dirty, canUndo, canRedo, undo, redo, saved } = useWorkflowDraft();
    open(shipped());
    const stored = JSON.stringify(draft.value);
    expect([dirty.value, canUndo.value]).toEqual([false, false]);
    const name = addState(draft.value!, 'review', label('Third passed'));
    expect([dirty.value, canUndo.value]).toEqual([true, true]);
    undo();
    expect(JSON.stringify(draft.value)).toBe(stored);
    expect([dirty.value, canRedo.value]).toEqual([false, true]);
    redo();
    expect(draft.value!.regions['review']!.states[name]).toBeDefined();
    saved();
    expect(dirty.value).toBe(false);
    undo();
    expect(dirty.value).toBe(true);
  });
});

describe('the picture of a workflow', () => {
  const overlaps = (a: { x: number; y: number; width: number; height: number }, b: typeof a): boolean =>
    a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

  it('ENG-10 places every state apart from the others and each region in a lane of its own, however many they are', () => {
    const draft = shipped();
    let last = 'rejected';
    for (let count = 0; count < 24; count += 1) {
      const name = addState(
        draft,
        'review',
        label(`A state with quite a long label that must wrap ${count}`),
      );
      addTransition(draft, 'review', last, name, label(`On to ${count}`));
      last = name;
    }
    draft.regions['finance'] = structuredClone(draft.regions['review']!);
    const { states, ways, lanes, width } = layoutWorkflow(draft, ({ en }) => en);
    expect(states).toHaveLength(56);
    for (const [index, a] of states.entries())
      for (const b of states.slice(index + 1)) expect(overlaps(a, b), `${a.name} over ${b.name}`).toBe(false);
    for (const state of states) {
      const lane = lanes.find(({ region }) => region === state.region)!;
      expect(state.y).toBeGreaterThanOrEqual(lane.y);
      expect(state.y + state.height).toBeLessThanOrEqual(lane.y + lane.height);
      expect(state.x + state.width).toBeLessThanOrEqual(width);
    }
    expect(lanes[1]!.y).toBeGreaterThanOrEqual(lanes[0]!.y + lanes[0]!.height);
    // A transition from several states is named once.
    expect(
      ways.filter(({ transition, region }) => transition === 'content_changed' && region === 'review'),
    ).toMatchObject([{ label: { x: expect.any(Number) } }, { label: null }, { label: null }]);
  });

  it('ENG-10 leaves out transitions to states that are not there, and shows an empty region', () => {
    const draft = shipped();
    draft.regions['review']!.transitions['first_pass']!.to = 'ghost';
    draft.regions['empty'] = { label: label('Empty'), field: 'x', initial: '', states: {}, transitions: {} };
    const { ways, lanes } = layoutWorkflow(draft, ({ en }) => en);
    expect(ways.some(({ transition }) => transition === 'first_pass')).toBe(false);
    expect(lanes.map(({ region }) => region)).toEqual(['review', 'empty']);
  });
});
