import { describe, expect, it } from 'vitest';
import { partsOf } from './change-parts';

const label = { 'zh-CN': '微信号', en: 'WeChat' };
const entity = (before: unknown, after: unknown) => ({
  type: 'overlay',
  kind: 'entity' as const,
  name: 'visit',
  before,
  after,
});

describe('the parts of a change set', () => {
  it('ENG-14 are the fields of an entity one by one, and its own attributes', () => {
    const before = { name: 'visit', extends: true, properties: { old: { label } }, sort: 'a' };
    const after = { name: 'visit', extends: true, properties: { wechat: { label } }, sort: 'b' };
    expect(partsOf([entity(before, after)]).map(({ key }) => key)).toEqual([
      'entity/visit#/properties/wechat',
      'entity/visit#/properties/old',
      'entity/visit#/sort',
    ]);
    expect(partsOf([entity(null, { ...after, sort: undefined })])).toMatchObject([
      { key: 'entity/visit#/properties/wechat', label },
    ]);
  });

  it('ENG-07 name a renamed entity and its documents once, by the new name', () => {
    const form = { type: 'overlay', kind: 'form' as const };
    const changes = [
      { type: 'rename', from: 'visit', to: 'call' },
      { ...entity(null, { label }), name: 'call' },
      entity({ label, properties: { wechat: { label } } }, null),
      { ...form, name: 'call.default', before: null, after: { label } },
      { ...form, name: 'visit.default', before: { label }, after: null },
    ];
    expect(partsOf(changes).map(({ key }) => key)).toEqual(['entity/call', 'form/call.default']);
  });

  it('ENG-14 are whole documents of any other kind, without values and data', () => {
    const view = {
      type: 'overlay',
      kind: 'view' as const,
      name: 'visit.all',
      before: null,
      after: { label },
    };
    const value = { type: 'value', dictionary: 'area', code: 'x' };
    expect(partsOf([view, value])).toEqual([
      { key: 'view/visit.all', kind: 'view', name: 'visit.all', path: '', label },
    ]);
  });
});
