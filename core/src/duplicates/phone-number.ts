import { toHalfWidth } from '../fields/clean-text.ts';

/** A telephone number in its parts, digits only. */
export interface PhoneNumber {
  readonly area: string;
  readonly subscriber: string;
  readonly extension: string;
}

/**
 * Reads a number as people write it: `+86 28-8555 1234`, `(028)85551234转8`, `０２８８５５５１２３４`; null for less than
 * five digits. Outside China the area stays part of the subscriber's number.
 */
export function phoneNumber(text: string): PhoneNumber | null {
  const [main = '', extension = ''] = toHalfWidth(text).split(/转|轉|分机|ext|x/iu);
  let digits = main.replace(/\D/g, '').replace(/^00/, '');
  if (digits.startsWith('86') && digits.length > 10) digits = digits.slice(2);
  if (digits.length < 5) return null;
  const more = extension.replace(/\D/g, '');
  if (/^1\d{10}$/.test(digits) && !digits.startsWith('10'))
    return { area: '', subscriber: digits, extension: more };
  // 028…, also written 28… behind +86.
  const land = /^0?(10|2\d)([2-8]\d{7})$/.exec(digits) ?? /^0([3-9]\d{2})([1-9]\d{6,7})$/.exec(digits);
  if (land) return { area: land[1] as string, subscriber: land[2] as string, extension: more };
  return { area: '', subscriber: digits, extension: more };
}

/** Is it one line? A missing area code or extension is no difference. */
export function samePhone(a: PhoneNumber, b: PhoneNumber): boolean {
  return (
    a.subscriber === b.subscriber &&
    (a.area === '' || b.area === '' || a.area === b.area) &&
    (a.extension === '' || b.extension === '' || a.extension === b.extension)
  );
}
