import type { PaperDocument } from '../model/documents.ts';
import type { Locale } from '../text/locale.ts';

export interface PageInput {
  readonly title: string;
  readonly locale: Locale;
  readonly paper: PaperDocument;
  readonly kind: 'envelope' | 'label' | 'list' | 'letter';
  /** HTML of each record, or the one body of a list. */
  readonly pieces: readonly string[];
  /** Labels: first free place on the first sheet, counted from 1. */
  readonly start: number;
  /** Who printed it and when; stands on lists and letters (SEC-08 e). */
  readonly watermark: string;
}

/** Latin before CJK, or the CJK font would draw `’` full width. */
const FONTS =
  '"Helvetica Neue", Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", sans-serif';

/** One HTML document that prints true to size: millimetres only, one sheet a page. */
export function pageOf(input: PageInput): string {
  return `<!doctype html>
<html lang="${input.locale}">
<head><meta charset="utf-8"><title>${escapeHtml(input.title)}</title><style>${styleOf(input)}</style></head>
<body class="${input.kind}">${sheetsOf(input)}${footerOf(input)}</body>
</html>`;
}

function styleOf({ paper, kind }: PageInput): string {
  const margins = paper.margins ?? { top: 0, right: 0, bottom: 0, left: 0 };
  const box = `${margins.top}mm ${margins.right}mm ${margins.bottom}mm ${margins.left}mm`;
  const sheet =
    kind === 'list'
      ? ''
      : `.sheet{position:relative;width:${paper.width}mm;height:${paper.height}mm;padding:${box};overflow:hidden;break-after:page;background:#fff}
.sheet:last-of-type{break-after:auto}`;
  const grid =
    kind === 'label'
      ? `.sheet{display:grid;grid-template-columns:repeat(${paper.columns ?? 1},1fr);grid-template-rows:repeat(${paper.rows ?? 1},1fr);gap:${paper.rowGap ?? 0}mm ${paper.columnGap ?? 0}mm}
.sheet>.label{overflow:hidden}`
      : '';
  const footer =
    kind === 'list'
      ? '.watermark{margin-top:4mm;color:#666;font-size:8pt}'
      : '.watermark{position:absolute;right:4mm;bottom:2mm;color:#999;font-size:6pt}';
  return `@page{size:${paper.width}mm ${paper.height}mm;margin:${kind === 'list' ? box : '0'}}
*{box-sizing:border-box}html,body{margin:0;padding:0}
body{font-family:${FONTS};font-size:10.5pt;line-height:1.4;color:#000}
@media screen{body{background:#e9ebee;padding:12px}.sheet{box-shadow:0 1px 4px #0003;margin:0 auto 12px}body.list{background:#fff;padding:${box}}}
${sheet}${grid}${footer}`;
}

function sheetsOf({ kind, paper, pieces, start }: PageInput): string {
  if (kind === 'list') return pieces.join('');
  if (kind !== 'label') return pieces.map((piece) => `<section class="sheet">${piece}</section>`).join('');
  const perSheet = (paper.rows ?? 1) * (paper.columns ?? 1);
  const places = [...Array.from({ length: Math.min(Math.max(start, 1), perSheet) - 1 }, () => ''), ...pieces];
  const sheets: string[] = [];
  for (let at = 0; at < places.length; at += perSheet) {
    const labels = places.slice(at, at + perSheet).map((piece) => `<div class="label">${piece}</div>`);
    sheets.push(`<section class="sheet">${labels.join('')}</section>`);
  }
  return sheets.join('');
}

/** Envelopes and labels go out to customers and carry no internal mark; the log names who printed them. */
function footerOf({ kind, watermark }: PageInput): string {
  return kind === 'list' || kind === 'letter'
    ? `<footer class="watermark">${escapeHtml(watermark)}</footer>`
    : '';
}

/** Text as HTML text or attribute value. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
