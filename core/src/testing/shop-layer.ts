import type { EntityDocument, FieldDocument } from '../model/documents.ts';
import type { Layer } from '../model/layer.ts';
import { label } from './sample-documents.ts';

const field = (type: string, more: Partial<FieldDocument> = {}): FieldDocument => ({
  field: type,
  label: label(type),
  ...more,
});

const entity = (
  name: string,
  properties: EntityDocument['properties'],
  more: Partial<EntityDocument> = {},
): EntityDocument => ({
  name,
  label: label(name),
  display: 'name',
  ownership: 'user',
  reviews: false,
  properties: { name: field('text', { maxLength: 50 }), ...properties },
  ...more,
});

const number = (scale = 2): FieldDocument => field('decimal', { precision: 18, scale });

/** Fields of each entity beyond the plain ones; for tests of derived fields. */
export type Further = Readonly<Record<string, EntityDocument['properties']>>;

/** Clients (in a tree), their orders, lines of orders and the products on them, with further fields. */
export function shopLayer(further: Further = {}): Layer {
  const documents = [
    entity('client', {
      region: field('text', { maxLength: 20 }),
      factor: number(),
      parent: field('reference', { entity: 'client' }),
      ...further['client'],
    }),
    entity('product', { price: number(), ...further['product'] }),
    entity('sale', {
      client: field('reference', { entity: 'client' }),
      payer: field('reference', { entity: 'client' }),
      status: field('text', { maxLength: 10 }),
      on: field('date'),
      amount: number(),
      count: field('integer'),
      items: field('lines', { entity: 'sale_line', by: 'sale' }),
      ...further['sale'],
    }),
    entity(
      'sale_line',
      {
        sale: field('reference', { entity: 'sale', required: true }),
        product: field('reference', { entity: 'product' }),
        quantity: field('integer'),
        price: number(),
        ...further['sale_line'],
      },
      { ownership: 'parent', parent: 'sale' },
    ),
  ];
  return {
    name: 'plugin:shop',
    documents: documents.map((document) => ({ kind: 'entity', name: document.name, document, file: '' })),
  };
}

/** A roll-up field. */
export function rollup(
  type: string,
  definition: NonNullable<FieldDocument['rollup']>,
  more: Partial<FieldDocument> = {},
): FieldDocument {
  return field(type, { rollup: definition, ...more });
}

/** A field with a formula. */
export function computed(type: string, compute: string, more: Partial<FieldDocument> = {}): FieldDocument {
  return field(type, { compute, ...more });
}
