import { encodeQR } from 'qr';
import type { FieldDefinition } from '../field-type.ts';
import { barcode, barcodeKind, fitsQr } from './barcode.ts';
import { code128Modules, eanModules } from './bars.ts';
import { eanOfIssn } from './check-digit.ts';

/** A picture of black modules: the path of an SVG of this width and height, quiet zone included. */
export interface BarcodePicture {
  readonly width: number;
  readonly height: number;
  readonly path: string;
}

/** Height of bars in modules, and the white that a scanner needs on either side. */
const [HEIGHT, QUIET] = [40, 10];

function barsOf(modules: string): BarcodePicture {
  const path = [...modules.matchAll(/1+/g)]
    .map((run) => `M${run.index + QUIET} 0h${run[0].length}v${HEIGHT}h-${run[0].length}z`)
    .join('');
  return { width: modules.length + 2 * QUIET, height: HEIGHT, path };
}

function squareOf(text: string): BarcodePicture {
  // The encoder's own border of two modules is narrower than the four that ISO/IEC 18004 asks for.
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const path = rows
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return { width: rows.length, height: rows.length, path };
}

/** `picture` as an SVG of its own, to be printed. */
export function barcodeSvg({ width, height, path }: BarcodePicture): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" class="barcode" viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges"><path d="${path}"/></svg>`;
}

/** What a scanner reads from the value of a bar code field, or null when there is nothing to draw. */
export function barcodePicture(given: unknown, def: FieldDefinition): BarcodePicture | null {
  const value = barcode.normalise(given, def);
  if (typeof value !== 'string' || value === '') return null;
  const kind = barcodeKind(def);
  // A value from before the field became a QR code may be too long.
  if (kind === 'qr') return fitsQr(value) ? squareOf(value) : null;
  if (kind === 'code128') return /^[\x20-\x7e]+$/.test(value) ? barsOf(code128Modules(value)) : null;
  const digits = kind === 'issn' ? eanOfIssn(value) : value;
  return /^\d{13}$/.test(digits) ? barsOf(eanModules(digits)) : null;
}
