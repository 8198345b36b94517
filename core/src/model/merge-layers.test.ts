import { describe, expect, it } from 'vitest';
import { Problem } from '../errors/problem.ts';
import { label, sampleLayer } from '../testing/sample-documents.ts';
import type { AnyDocument, DocumentKind, EntityDocument } from './documents.ts';
import type { Layer } from './layer.ts';
import { mergeLayers } from './merge-layers.ts';
import { overlayOf } from './overlay.ts';

const layer = (name: string, kind: DocumentKind, document: Record<string, unknown>): Layer => ({
  name,
  documents: [{ kind, name: String(document.name), document: document as unknown as AnyDocument, file: '' }],
});
const site = (properties: Record<string, unknown>): Layer =>
  layer('site', 'entity', { name: 'thing', extends: true, properties });
const merged = (...upper: Layer[]): EntityDocument =>
  mergeLayers([sampleLayer(), ...upper]).get('entity/thing')?.document as EntityDocument;

function faultsOf(run: () => unknown): readonly { path: string; code: string }[] {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error.faults.map(({ path, code }) => ({ path, code }));
    throw error;
  }
  return [];
}

describe('layers', () => {
  it('ENG-07 lets the site relabel, hide, tighten and extend a shipped field', () => {
    const thing = merged(
      site({
        name: { label: label('Title'), maxLength: 40 },
        note: { hidden: true },
        grade: { options: { c: { label: label('C') } } },
      }),
    );
    expect(thing.properties.name).toMatchObject({ label: label('Title'), maxLength: 40, required: true });
    expect(thing.properties.note?.hidden).toBe(true);
    expect(Object.keys(thing.properties.grade?.options as object)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['removing a field', { name: null }, '/properties/name'],
    ['changing its type', { name: { field: 'longtext' } }, '/properties/name/field'],
    ['loosening a length', { name: { maxLength: 500 } }, '/properties/name/maxLength'],
    ['lifting required', { name: { required: false } }, '/properties/name/required'],
    ['retiring it', { note: { retired: true } }, '/properties/note/retired'],
    ['removing an option', { grade: { options: { a: null } } }, '/properties/grade/options/a'],
    ['pointing a reference elsewhere', { parent: { entity: 'visit' } }, '/properties/parent/entity'],
  ])('ENG-07 refuses %s of a shipped field, at its exact path', (_, properties, path) => {
    expect(faultsOf(() => merged(site(properties)))).toEqual([
      { path: `entity/thing#${path}`, code: 'MRT_LAYER_LOCKED' },
    ]);
  });

  it('ENG-02 lets the site add a field in the middle and retype its own', () => {
    const thing = merged(
      site({ wechat: { field: 'text', label: label('WeChat'), maxLength: 50, after: 'name' } }),
    );
    expect(Object.keys(thing.properties).slice(0, 3)).toEqual(['name', 'wechat', 'code']);
  });

  it('ENG-01 refuses a document of the wrong shape before it is merged', () => {
    const shapeless = layer('plugin:x', 'entity', {
      name: 'ghost',
      label: label('G'),
      display: 'name',
      ownership: 'user',
    });
    expect(faultsOf(() => mergeLayers([sampleLayer(), shapeless]))).toEqual([
      { path: 'entity/ghost#/properties', code: 'MRT_DOC_REQUIRED' },
    ]);
  });

  it('refuses a name defined twice and an extension of nothing', () => {
    const twice = layer('plugin:x', 'entity', {
      ...sampleLayer().documents.find((d) => d.name === 'visit')?.document,
    });
    const nothing = layer('plugin:y', 'form', { name: 'ghost.default', extends: true });
    expect(faultsOf(() => mergeLayers([sampleLayer(), twice, nothing]))).toEqual([
      { path: 'entity/visit', code: 'MRT_DOC_DUPLICATE' },
      { path: 'form/ghost.default', code: 'MRT_DOC_EXTENDS_NOTHING' },
    ]);
  });

  it('names the layer of every changed attribute', () => {
    const effective = mergeLayers([
      sampleLayer(),
      site({ name: { maxLength: 40 }, wechat: { field: 'text', label: label('W') } }),
    ]).get('entity/thing');
    expect(effective?.provenance).toEqual({
      '': 'base',
      '/properties/name/maxLength': 'site',
      '/properties/wechat': 'site',
    });
  });

  it('stores as overlay just what differs, and merging it gives the wished document back', () => {
    const lower = sampleLayer().documents.find((d) => d.name === 'thing')?.document as EntityDocument;
    const wished: EntityDocument = {
      ...lower,
      properties: {
        ...lower.properties,
        name: { ...lower.properties.name!, help: label('Help') },
        extra: { field: 'date', label: label('D') },
      },
    };
    const overlay = overlayOf(lower, wished);
    expect(overlay).toEqual({
      name: 'thing',
      extends: true,
      properties: { name: { help: label('Help') }, extra: { field: 'date', label: label('D') } },
    });
    expect(
      merged({ name: 'site', documents: [{ kind: 'entity', name: 'thing', document: overlay!, file: '' }] }),
    ).toEqual(wished);
    expect(overlayOf(lower, lower)).toBeNull();
  });
});
