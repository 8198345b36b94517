import { type HookScope, type LocaleText, refuse } from '@mortise/core/plugin';

/** An advertising service as an order line needs it. */
export interface CardEntry {
  readonly id: string;
  readonly name: string;
  readonly price: string;
  readonly currency: string;
  readonly unit: string | null;
  readonly active: boolean;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly details: Readonly<Record<'edition' | 'column' | 'size' | 'colour', string | null>>;
}

const FIELDS = [
  'name',
  'price',
  'price_currency',
  'price_unit',
  'active',
  'valid_from',
  'valid_to',
  'edition',
  'column',
  'size',
  'colour',
];

/** The services with these ids that the actor may see; void ones are not on the card. */
export async function readRateCard(
  ids: readonly string[],
  scope: HookScope,
): Promise<ReadonlyMap<string, CardEntry>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const { items } = await scope.records.list('ad_service', {
    filter: { id: { $in: wanted } },
    fields: FIELDS,
    limit: wanted.length,
    count: 'none',
  });
  return new Map(
    items.map((item) => [
      String(item['id']),
      {
        id: String(item['id']),
        name: String(item['name'] ?? ''),
        price: String(item['price']),
        currency: String(item['price_currency']),
        unit: textOrNull(item['price_unit']),
        active: item['active'] === true,
        validFrom: textOrNull(item['valid_from']),
        validTo: textOrNull(item['valid_to']),
        details: {
          edition: textOrNull(item['edition']),
          column: textOrNull(item['column']),
          size: textOrNull(item['size']),
          colour: textOrNull(item['colour']),
        },
      },
    ]),
  );
}

/**
 * Only what the rate card offers on the day of the order can be sold (ADV-03).
 * @param at JSON Pointer of the line's service
 * @throws MRT_PLUGIN_REFUSED when the service is unknown, inactive or outside its validity
 */
export function requireOnSale(entry: CardEntry | undefined, day: string, at: string): CardEntry {
  if (!entry) {
    throw refuse(
      {
        'zh-CN': '广告产品库中没有这项服务,或已失效。',
        en: 'This service is not on the rate card, or it is void.',
      },
      at,
    );
  }
  const fault = notOnSale(entry, day);
  if (fault) throw refuse(fault, at);
  return entry;
}

/** Dates are ISO texts, so they compare as texts. */
function notOnSale(entry: CardEntry, day: string): LocaleText | null {
  if (!entry.active) {
    return {
      'zh-CN': `“${entry.name}”已停用,请另选服务。`,
      en: `“${entry.name}” is no longer offered; choose another service.`,
    };
  }
  if (entry.validFrom !== null && day < entry.validFrom) {
    return {
      'zh-CN': `“${entry.name}”的报价自 ${entry.validFrom} 起有效,订单日期为 ${day}。`,
      en: `The price of “${entry.name}” is valid from ${entry.validFrom}; the order is dated ${day}.`,
    };
  }
  if (entry.validTo !== null && day > entry.validTo) {
    return {
      'zh-CN': `“${entry.name}”的报价有效期至 ${entry.validTo},订单日期为 ${day}。`,
      en: `The price of “${entry.name}” was valid until ${entry.validTo}; the order is dated ${day}.`,
    };
  }
  return null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
