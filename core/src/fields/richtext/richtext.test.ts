import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defOf, zh } from '../field-fixture.ts';
import { ALLOWED_TAGS } from './allowed-html.ts';
import { plainText } from './plain-text.ts';
import { richtext } from './richtext.ts';

const def = defOf('richtext');
const clean = (html: string): unknown => richtext.normalise(html, def);

describe('richtext', () => {
  it.each([
    ['<p>一</p><script>alert(1)</script>', '<p>一</p>'],
    ['<p onclick="x()" style="color:red">一</p>', '<p>一</p>'],
    ['<a href="javascript:alert(1)">x</a>', '<a>x</a>'],
    ['<a href="java\tscript:alert(1)">x</a>', '<a>x</a>'],
    ['<a href="https://b.cn" target="_blank">x</a>', '<a href="https://b.cn">x</a>'],
    ['<a href="//evil.cn">x</a>', '<a>x</a>'],
    ['<img src=x onerror=alert(1)>一', '一'],
    ['<svg><a href="https://x.cn">t</a></svg><p>一</p>', '<p>一</p>'],
    ['<p><b>一</p>', '<p>一</p>'],
    ['<p>5 &lt; 6</p>', '<p>5 &lt; 6</p>'],
    ['<p> </p><p><br></p>', null],
  ])('SEC-12 makes %j harmless', (html, kept) => {
    expect(clean(html)).toBe(kept);
  });

  it('SEC-12 leaves nothing but allowed elements of anything, and is done after one pass', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom(
        '<p>',
        '</p>',
        '<script>',
        '</script>',
        '<a href="',
        'javascript:',
        '">',
        '<svg',
        ' onload=',
        '<!--',
        '-->',
        '&lt;',
        '<math>',
        '<style>',
        "<a href='data:x'>",
        '\u0000',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const once = clean(pieces.join(''));
        expect(clean(String(once ?? ''))).toBe(once);
        for (const [, name = '', rest = ''] of String(once ?? '').matchAll(/<\/?([^\s/>]*)([^>]*)>/g)) {
          expect(ALLOWED_TAGS).toContain(name);
          expect(rest).toMatch(/^( href="(?!javascript:|data:)[^"]*")?( \/)?$/);
        }
      }),
    );
  });

  it('PRN-01 is printed as its text, a line for each block', () => {
    expect(richtext.format('<h2>题</h2><p>一 &amp; 二</p><ul><li>三</li><li>四</li></ul>', def, zh)).toBe(
      '题\n一 & 二\n三\n四',
    );
  });

  it('PRN-01 is printed without spaces at line ends, however many there are', () => {
    const spaces = ' '.repeat(1_000_000);
    expect(plainText(`<p>a \t</p><p>${spaces}b${spaces}</p><p>c</p>`)).toBe(`a\n${spaces}b\nc`);
  });

  it('IO-01 reads a cell as plain text', () => {
    expect(richtext.parse('一 < 二\n三', def)).toBe('<p>一 &lt; 二</p><p>三</p>');
    expect(plainText(String(richtext.parse('<b>x</b>', def)))).toBe('<b>x</b>');
    expect(richtext.parse(' ', def)).toBeNull();
  });
});
