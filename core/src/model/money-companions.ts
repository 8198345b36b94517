import type { FieldDocument } from './documents.ts';

const SUFFIXES = ['currency', 'rate', 'base'] as const;

/** Names of the fields that belong to an amount, also of those it does not have now. */
export function companionNames(name: string): readonly string[] {
  return SUFFIXES.map((suffix) => `${name}_${suffix}`);
}

/** The amount that a field may belong to: `price` of `price_rate`. */
export function amountOf(name: string): string | null {
  const suffix = SUFFIXES.find((each) => name.endsWith(`_${each}`));
  return suffix === undefined ? null : name.slice(0, -suffix.length - 1);
}

/**
 * Fields that belong to an amount: its currency, and where several are used (`foreign`) the rate of its day and its
 * equivalent in the currency of the installation, which reports add up (CUR-01).
 */
export function moneyCompanions(
  name: string,
  money: FieldDocument,
  currency: string,
): Readonly<Record<string, FieldDocument>> {
  if (money.field !== 'money') return {};
  const foreign = money['foreign'] === true;
  const of = (zh: string, en: string): FieldDocument['label'] => ({
    'zh-CN': `${money.label['zh-CN']}${zh}`,
    en: `${money.label.en} ${en}`,
  });
  const shared = (suffix: string): Partial<FieldDocument> => ({
    ...(money.part ? { part: money.part } : {}),
    ...(money.sensitive === true ? { sensitive: true } : {}),
    ...(money.retired === true ? { retired: true } : {}),
    ...(money.renamedFrom ? { renamedFrom: `${money.renamedFrom}_${suffix}` } : {}),
  });
  const kept = money.readOnly === true || money.compute !== undefined || money.rollup !== undefined;
  const companions: Record<string, FieldDocument> = {
    [`${name}_currency`]: {
      field: 'choice',
      label: of('币种', 'currency'),
      dictionary: 'currency',
      default: currency,
      // An amount without its currency says nothing; it is not shown until an installation needs it.
      ...(foreign ? {} : { hidden: true }),
      ...(kept ? { readOnly: true } : {}),
      ...shared('currency'),
    },
  };
  if (!foreign) return companions;
  companions[`${name}_rate`] = {
    field: 'decimal',
    label: of('汇率', 'rate'),
    help: {
      'zh-CN': `1 单位币种折合多少${currency};不填则取当日汇率`,
      en: `${currency} for one unit of the currency; left empty, the rate of the day`,
    },
    precision: 18,
    scale: 8,
    minimum: '0.00000001',
    ...(money.readOnly === true ? { readOnly: true } : {}),
    ...shared('rate'),
  };
  companions[`${name}_base`] = {
    field: 'decimal',
    label: of(`(${currency})`, `(${currency})`),
    precision: 18,
    scale: 2,
    // Records of before the amount could be foreign have no rate yet.
    compute: `round(${name} * (coalesce(${name}_currency, '${currency}') == '${currency}' ? 1.0 : ${name}_rate), 2)`,
    ...shared('base'),
  };
  return companions;
}
