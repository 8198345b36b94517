import { numberAttribute, textAttribute } from '../attribute.ts';
import { asIs, printed } from '../as-is.ts';
import { cleanLine, toHalfWidth } from '../clean-text.ts';
import { valueFault } from '../fault.ts';
import type { FieldDefinition, FieldType, ValueFault } from '../field-type.ts';
import { checkText } from '../text-check.ts';
import { TEXT_OPERATORS, textFilter } from '../text-filter.ts';
import { isEan13, isIsbn, isIssn, longIsbn } from './check-digit.ts';

/** What is drawn: bars or a square, and which rule the text must keep. */
type BarcodeKind = 'code128' | 'ean13' | 'isbn' | 'issn' | 'qr';

const KINDS: readonly BarcodeKind[] = ['code128', 'ean13', 'isbn', 'issn', 'qr'];
/** Kind of a barcode field. */
export function barcodeKind(def: FieldDefinition): BarcodeKind {
  const kind = textAttribute(def, 'kind');
  return KINDS.find((each) => each === kind) ?? 'code128';
}
const lengthOf = (def: FieldDefinition): number =>
  numberAttribute(def, 'maxLength', barcodeKind(def) === 'qr' ? 500 : 48);

/** As typed or scanned → as kept: numbers without spaces and hyphens (ISSN with its one), ISBN-10 as ISBN-13. */
function normal(text: string, def: FieldDefinition): string | null {
  const kind = barcodeKind(def);
  if (kind === 'qr' || kind === 'code128') return cleanLine(text);
  const plain = toHalfWidth(text)
    .replace(/^\s*(ISBN|ISSN|EAN)[-:\s]*(?:1[03]:?\s)?/i, '')
    .replace(/[-\s]/g, '')
    .toUpperCase();
  if (kind === 'isbn') return longIsbn(plain) || null;
  if (kind === 'issn' && plain.length === 8) return `${plain.slice(0, 4)}-${plain.slice(4)}`;
  return plain || null;
}

const RULES: Readonly<Partial<Record<BarcodeKind, readonly [(text: string) => boolean, string, string]>>> = {
  code128: [
    (text) => /^[\x20-\x7e]+$/.test(text),
    '条码只能用英文字母、数字和符号。',
    'A bar code takes Latin letters, digits and signs only.',
  ],
  ean13: [isEan13, '应为 13 位商品条码,校验位不符。', 'It must be an EAN-13; the check digit does not fit.'],
  isbn: [isIsbn, '应为 ISBN 书号,校验位不符。', 'It must be an ISBN; the check digit does not fit.'],
  issn: [isIssn, '应为 ISSN 刊号,校验位不符。', 'It must be an ISSN; the check sign does not fit.'],
  qr: [fitsQr, '文字太长,二维码放不下。', 'The text is too long for a QR code.'],
};

/** Most bytes of a QR code: version 40 with medium error correction (ISO/IEC 18004). */
const QR_BYTES = 2331;

/** Whether a QR code can hold the text. */
export function fitsQr(text: string): boolean {
  return Buffer.byteLength(text) <= QR_BYTES;
}

function checkCode(value: unknown, def: FieldDefinition): ValueFault | null {
  const text = typeof value === 'string' ? normal(value, def) : value;
  const fault = checkText(value, text, lengthOf(def));
  if (fault || typeof text !== 'string') return fault;
  const rule = RULES[barcodeKind(def)];
  return rule && !rule[0](text) ? valueFault('MRT_VALUE_FORMAT', rule[1], rule[2]) : null;
}

/** Text that is drawn as a bar code or QR code (ENG-03), check digits tested where the kind has them. */
export const barcode: FieldType = {
  name: 'barcode',
  label: { 'zh-CN': '条码', en: 'Bar code' },
  definition: {
    type: 'object',
    properties: {
      kind: {
        enum: KINDS,
        description:
          'code128(默认)、ean13 商品条码、isbn 书号、issn 刊号、qr 二维码 / code128 (default), ean13, isbn, issn, qr',
      },
      maxLength: {
        type: 'integer',
        minimum: 1,
        maximum: 1000,
        description: '最多字符数,默认 48,二维码 500 / Most characters, default 48, of QR codes 500',
      },
    },
  },
  check: () => [],
  columnType: (def) => `varchar(${lengthOf(def)})`,
  valueSchema: (def) => ({ type: 'string', maxLength: Math.max(lengthOf(def), 30) }),
  expressionType: () => 'string',
  normalise: (value, def) => (typeof value === 'string' ? normal(value, def) : asIs(value)),
  checkValue: checkCode,
  toColumn: asIs,
  fromColumn: asIs,
  operators: TEXT_OPERATORS,
  sortable: true,
  filter: (operator, column, value, bind, def) =>
    textFilter(operator, column, value, bind, (text) => normal(text, def) ?? ''),
  format: printed,
  parse: (cell, def) => normal(cell, def),
};
