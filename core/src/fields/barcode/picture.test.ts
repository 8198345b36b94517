import decodeQR from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import { defOf } from '../field-fixture.ts';
import { code128Modules, eanModules } from './bars.ts';
import { barcodePicture } from './picture.ts';

const of = (kind: string) => defOf('barcode', { kind });

/** The dark modules of a picture as an image of `scale` pixels a module. */
function pixelsOf(picture: { width: number; height: number; path: string }, scale: number) {
  const [width, height] = [picture.width * scale, picture.height * scale];
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [, x, y] of picture.path.matchAll(/M(\d+) (\d+)/g))
    for (let dy = 0; dy < scale; dy += 1)
      for (let dx = 0; dx < scale; dx += 1) {
        const at = ((Number(y) * scale + dy) * width + Number(x) * scale + dx) * 4;
        data.fill(0, at, at + 3);
      }
  return { width, height, data };
}

describe('barcodePicture', () => {
  it('draws an EAN-13 as the standard has it', () => {
    expect(eanModules('5901234123457')).toBe(
      '10100010110100111011001100100110111101001110101010110011011011001000010101110010011101000100101',
    );
    expect(barcodePicture('5901234123457', of('ean13'))).toMatchObject({ width: 115, height: 40 });
    expect(barcodePicture('1002-137X', of('issn'))?.width).toBe(115);
  });

  it('draws a Code 128 of eleven modules a sign with its check sign', () => {
    // Start B, four signs, check, stop of thirteen modules.
    expect(code128Modules('AB-1')).toHaveLength(11 * 6 + 13);
    // (104 + 33 + 2·34 + 3·13 + 4·17) mod 103 = 3, the sign of widths 121223.
    expect(code128Modules('AB-1').slice(55, 66)).toBe('10010011000');
    expect(barcodePicture('茶', of('code128'))).toBeNull();
  });

  it.each(['https://例子.cn/茶', 'A'])('draws a QR code that is read back as %j', (text) => {
    const picture = barcodePicture(text, of('qr'));
    expect(picture && decodeQR(pixelsOf(picture, 4))).toBe(text);
  });

  it('draws no QR code of more than it can hold', () => {
    expect(barcodePicture('茶'.repeat(777), of('qr'))).toMatchObject({ width: 185 });
    expect(barcodePicture('茶'.repeat(778), of('qr'))).toBeNull();
  });

  it('draws nothing for nothing', () => {
    expect(barcodePicture(null, of('qr'))).toBeNull();
    expect(barcodePicture('abc', of('ean13'))).toBeNull();
  });
});
