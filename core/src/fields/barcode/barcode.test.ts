import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defOf, faultCode } from '../field-fixture.ts';
import { barcode } from './barcode.ts';
import { eanOfIssn, isEan13, isIssn } from './check-digit.ts';

const of = (kind: string) => defOf('barcode', { kind });

describe('barcode', () => {
  it.each([
    ['ean13', '690 1234 567892', '6901234567892'],
    ['isbn', 'ISBN 978-7-302-51776-4', '9787302517764'],
    ['isbn', '7-115-54608-8', '9787115546081'],
    ['issn', '1002137x', '1002-137X'],
    ['issn', 'ISSN 1002-137X', '1002-137X'],
    ['code128', ' AB-12 ', 'AB-12'],
    ['qr', 'https://例子.cn/茶 ', 'https://例子.cn/茶'],
  ])('ENG-03 keeps %s %j as %j', (kind, typed, kept) => {
    expect(faultCode(barcode, typed, of(kind))).toBeNull();
    expect(barcode.normalise(typed, of(kind))).toBe(kept);
    expect(barcode.parse(typed, of(kind))).toBe(kept);
  });

  it.each([
    ['ean13', '6901234567893'],
    ['ean13', '12345'],
    ['isbn', '9787302517761'],
    ['isbn', '7115546082'],
    ['issn', '1002-1371'],
    ['code128', '茶叶'],
  ])('ENG-03 refuses the %s %j', (kind, typed) => {
    expect(faultCode(barcode, typed, of(kind))).toBe('MRT_VALUE_FORMAT');
  });

  it('ENG-03 takes no more bytes than a QR code can hold', () => {
    const long = defOf('barcode', { kind: 'qr', maxLength: 1000 });
    expect(faultCode(barcode, '茶'.repeat(777), long)).toBeNull();
    expect(faultCode(barcode, '茶'.repeat(778), long)).toBe('MRT_VALUE_FORMAT');
  });

  it('ENT-08 finds every single wrong digit of an EAN-13', () => {
    fc.assert(
      fc.property(fc.nat({ max: 12 }), fc.integer({ min: 1, max: 9 }), (at, shift) => {
        const good = '6901234567892';
        const digit = (Number(good[at]) + shift) % 10;
        expect(isEan13(`${good.slice(0, at)}${digit}${good.slice(at + 1)}`)).toBe(false);
      }),
    );
  });

  it('gives a periodical the number under its bars', () => {
    expect(isIssn('1002-137X')).toBe(true);
    expect(isEan13(eanOfIssn('1002-137X'))).toBe(true);
    expect(eanOfIssn('1002-137X').startsWith('977100213700')).toBe(true);
  });
});
