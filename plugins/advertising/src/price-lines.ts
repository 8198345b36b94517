import { Decimal, type HookScope, type LocaleText, type RecordData, refuse } from '@mortise/core/plugin';
import { givenFigures, isUntouched } from './given-figures.ts';
import { priceNote } from './price-note.ts';
import { type CardEntry, readRateCard, requireOnSale } from './rate-card.ts';
import { readDecimal } from './read-decimal.ts';
import { type Figures, settleLine, type Unsettled } from './settle-line.ts';

/** A line to be priced: its figures can be read, its service is named. */
interface Candidate {
  readonly index: number;
  readonly line: RecordData;
  readonly stored: RecordData | null;
  readonly service: string;
  /** What was given; the rest is to be calculated. */
  readonly figures: Figures;
  /** The service was chosen with this write, so it must be on sale now. */
  readonly chosen: boolean;
}

const NAMES = { quantity: '数量', unitPrice: '单价', discount: '折扣', amount: '金额' } as const;
const FIELD = {
  quantity: 'quantity',
  unitPrice: 'unit_price',
  discount: 'discount',
  amount: 'amount',
} as const;

/**
 * Prices the lines of an order from the rate card of its day (ADV-04). A line nobody touched keeps its price, so
 * that an old order stays as it was when the card changes. Lines that cannot be read are left to validation.
 * @throws MRT_PLUGIN_REFUSED naming the line and the figure
 */
export async function priceLines(
  lines: readonly RecordData[],
  stored: readonly RecordData[],
  day: string,
  scope: HookScope,
): Promise<readonly RecordData[]> {
  const before = new Map(stored.map((line) => [line['id'], line]));
  const candidates = lines.flatMap((line, index) => candidate(line, before.get(line['id']) ?? null, index));
  const card = await readRateCard(
    candidates.map((each) => each.service),
    scope,
  );
  const priced = new Map(candidates.map((each) => [each.index, priceLine(each, card, day)]));
  return lines.map((line, index) => priced.get(index) ?? line);
}

function candidate(line: RecordData, stored: RecordData | null, index: number): Candidate[] {
  const figures = readFigures(line);
  const service = line['ad_service'];
  if (!figures || typeof service !== 'string') return [];
  const before = stored && readFigures(stored);
  const otherService = stored !== null && stored['ad_service'] !== service;
  if (before && !otherService && isUntouched(figures, before)) return [];
  const given = before ? givenFigures(figures, before, otherService) : figures;
  return [{ index, line, stored, service, figures: given, chosen: stored === null || otherService }];
}

function readFigures(line: RecordData): Figures | null {
  const quantity = readDecimal(line['quantity']);
  const unitPrice = readDecimal(line['unit_price']);
  const discount = readDecimal(line['discount']);
  const amount = readDecimal(line['amount']);
  if (quantity === undefined || unitPrice === undefined || discount === undefined || amount === undefined)
    return null;
  return { quantity, unitPrice, discount, amount };
}

function priceLine(each: Candidate, card: ReadonlyMap<string, CardEntry>, day: string): RecordData {
  const { line, stored, figures } = each;
  const at = `/lines/${each.index}`;
  const entry = each.chosen
    ? requireOnSale(card.get(each.service), day, `${at}/ad_service`)
    : card.get(each.service);
  // A line that was priced before keeps the card price of that day.
  const kept = each.chosen ? null : readDecimal(stored?.['catalogue_price']);
  const cardPrice = kept ?? (entry ? new Decimal(entry.price) : null);
  const result = settleLine(figures, cardPrice);
  if ('fault' in result) throw refuse(explain(result), `${at}/${FIELD[result.figure]}`);
  const currency =
    (figures.unitPrice === null ? entry?.currency : null) ?? line['unit_price_currency'] ?? entry?.currency;
  // A figure that was given stays as it was written: too many decimals are validation's to refuse, not ours to round.
  return {
    ...line,
    ...(each.chosen && entry ? ofService(line, stored, entry) : {}),
    quantity: figures.quantity === null ? result.quantity.toFixed(2) : line['quantity'],
    catalogue_price: cardPrice?.toFixed(2) ?? null,
    catalogue_price_currency: entry?.currency ?? currency,
    unit_price: figures.unitPrice === null ? result.unitPrice.toFixed(2) : line['unit_price'],
    unit_price_currency: currency,
    discount: figures.discount === null ? result.discount.toFixed(4) : line['discount'],
    amount: figures.amount === null ? result.amount.toFixed(2) : line['amount'],
    amount_currency: currency,
    price_note: priceNote(result, cardPrice),
  };
}

/** Edition, column, size, colour and unit are the service's, unless they were given along with it. */
function ofService(line: RecordData, stored: RecordData | null, entry: CardEntry): RecordData {
  const given = (name: string): unknown => (stored && stored[name] === line[name] ? null : line[name]);
  return {
    edition: given('edition') ?? entry.details.edition,
    column: given('column') ?? entry.details.column,
    size: given('size') ?? entry.details.size,
    colour: given('colour') ?? entry.details.colour,
    price_unit: given('price_unit') ?? entry.unit,
  };
}

function explain({ fault, figure, expected }: Unsettled): LocaleText {
  switch (fault) {
    case 'no-price':
      return { 'zh-CN': '请填写单价。', en: 'Enter a unit price.' };
    case 'above-price':
      return {
        'zh-CN': `金额高于数量 × 单价(${expected?.toFixed(2)}),请改单价。`,
        en: `The amount is above quantity × unit price (${expected?.toFixed(2)}); change the unit price.`,
      };
    case 'nothing-to-divide':
      return {
        'zh-CN': `其他数为 0,无法由${NAMES[figure]}反算。`,
        en: 'The other figures are 0, so nothing can be calculated from the amount.',
      };
    case 'contradiction':
      return {
        'zh-CN': `数量 × 单价 × 折扣 = ${expected?.toFixed(2)},与金额不符,请只填其中三项。`,
        en: `Quantity × unit price × discount is ${expected?.toFixed(2)}, not the amount; give only three of the four.`,
      };
  }
}
