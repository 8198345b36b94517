import { describe, expect, it } from 'vitest';
import { compileBody } from './handlebars.ts';
import { pageOf } from './page.ts';

describe('template bodies', () => {
  it('ENG-03 draws bar codes and QR codes, and nothing for a number that is not sound', () => {
    const body = compileBody('{{barcode isbn "isbn"}}|{{barcode web "qr"}}|{{barcode bad "ean13"}}');
    const [bars = '', square = '', nothing] = body({
      isbn: '9787302517764',
      web: 'https://b.cn',
      bad: 'x',
    }).split('|');
    expect(bars).toMatch(/^<svg [^>]*class="barcode" viewBox="0 0 115 40"/);
    expect(square).toMatch(/^<svg /);
    expect(nothing).toBe('');
  });

  it('PRN-04 fills merge fields, escapes them, and knows conditions and loops', () => {
    expect(
      compileBody('{{#if name}}{{name}}{{/if}}{{#each list}}[{{this}}]{{/each}}')({
        name: '<王>',
        list: ['a', 'b'],
      }),
    ).toBe('&lt;王&gt;[a][b]');
  });

  it('PRN-03 draws a box for every digit of the postcode', () => {
    expect(compileBody('{{digits postcode 6}}')({ postcode: '610041' })).toBe(
      '<span>6</span><span>1</span><span>0</span><span>0</span><span>4</span><span>1</span>',
    );
    expect(compileBody('{{digits postcode 2}}')({})).toBe('<span></span><span></span>');
  });

  it.each([
    ['an open block', 'line 1\n{{#if a}}', 2],
    ['an unknown helper', '{{exec "rm"}}', 1],
    ['a partial', '{{> secret}}', 1],
  ])('PRN-04 refuses %s and names the line', (_, source, line) => {
    expect(() => compileBody(source)({})).toThrow(
      new RegExp(`^MRT_PRINT_TEMPLATE: The template is wrong at line ${line}:`),
    );
  });

  it('NF-SEC-04 does not reach prototypes', () => {
    expect(compileBody('{{constructor.name}}|{{__proto__}}|{{toString}}')({})).toBe('||');
  });
});

describe('pages', () => {
  const paper = {
    width: 210,
    height: 297,
    rows: 2,
    columns: 2,
    margins: { top: 10, right: 5, bottom: 10, left: 5 },
  };
  const page = (kind: 'label' | 'list' | 'envelope', pieces: string[], start = 1): string =>
    pageOf({
      title: '<T>',
      locale: 'zh-CN',
      paper,
      kind,
      pieces,
      start,
      watermark: '张三 2026-11-22 10:00:00',
    });

  it('PRN-03 begins labels at the first free place and fills the next sheet', () => {
    const html = page('label', ['a', 'b', 'c'], 3);
    expect(html.match(/<section class="sheet">/g)).toHaveLength(2);
    expect(html).toContain(
      '<div class="label"></div><div class="label"></div><div class="label">a</div><div class="label">b</div>',
    );
  });

  it('SEC-08 marks a list with who printed it and when, an envelope not', () => {
    expect(page('list', ['<p>x</p>'])).toContain('张三 2026-11-22 10:00:00');
    expect(page('envelope', ['<p>x</p>'])).not.toContain('张三');
  });

  it('PRN-05 states the paper in millimetres', () => {
    expect(page('envelope', ['x'])).toContain('@page{size:210mm 297mm;margin:0}');
  });
});
