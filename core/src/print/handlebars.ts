import Handlebars from 'handlebars';
import { problem } from '../errors/catalogue.ts';
import { barcodePicture, barcodeSvg } from '../fields/barcode/picture.ts';

/** A compiled body: data in, HTML out. */
export type Body = (data: unknown) => string;

/** What a template may call, besides `if`, `unless`, `each` and `with` (NF-SEC-04). */
const HELPERS: Readonly<Record<string, (...values: unknown[]) => unknown>> = {
  /** `{{digits postcode 6}}` → one `<span>` a digit box, as Chinese envelopes print postcodes. */
  digits: (value: unknown, count: unknown) => {
    const digits = String(value ?? '').replace(/\D/g, '');
    const boxes = Array.from(
      { length: Number(count) || 6 },
      (_, index) => `<span>${digits[index] ?? ''}</span>`,
    );
    return new Handlebars.SafeString(boxes.join(''));
  },
  /** `{{join opt_out "、"}}` */
  join: (list: unknown, separator: unknown) =>
    Array.isArray(list) ? list.join(typeof separator === 'string' ? separator : '、') : '',
  /** `{{or department customer.name}}` — the first value that is not empty. */
  or: (...values: unknown[]) =>
    values.slice(0, -1).find((value) => value !== null && value !== undefined && value !== '') ?? '',
  /** `{{barcode isbn "isbn"}}` → bars; `{{barcode website "qr"}}` → a square. Nothing where nothing can be drawn. */
  barcode: (value: unknown, kind: unknown) => {
    const label = { 'zh-CN': '条码', en: 'Bar code' };
    const picture = barcodePicture(value, { field: 'barcode', label, kind });
    return picture ? new Handlebars.SafeString(barcodeSvg(picture)) : '';
  },
  eq: (a: unknown, b: unknown) => a === b,
  /** `{{number @index}}` counts from 1. */
  number: (index: unknown) => Number(index) + 1,
};

const LARGEST_OUTPUT = 64 * 1024 * 1024;
const compiled = new Map<string, Body>();
const engine = Handlebars.create();
for (const name of Object.keys(engine.helpers)) engine.unregisterHelper(name);
for (const name of ['if', 'unless', 'each', 'with'] as const)
  engine.registerHelper(name, Handlebars.helpers[name] as Handlebars.HelperDelegate);
for (const [name, helper] of Object.entries(HELPERS))
  engine.registerHelper(name, helper as Handlebars.HelperDelegate);

/**
 * Compiles a template body once. It reaches the data it is given and the helpers above: no prototypes, no partials,
 * no code. @throws MRT_PRINT_TEMPLATE with the line
 */
export function compileBody(source: string): Body {
  const known = compiled.get(source);
  if (known) return known;
  const knownHelpers = Object.fromEntries(
    ['if', 'unless', 'each', 'with', ...Object.keys(HELPERS)].map((name) => [name, true]),
  );
  const template = engine.compile(source, {
    knownHelpers,
    knownHelpersOnly: true,
    strict: false,
    noEscape: false,
  });
  const body: Body = (data) => {
    try {
      const html = template(data, {
        allowProtoPropertiesByDefault: false,
        allowProtoMethodsByDefault: false,
      });
      if (html.length > LARGEST_OUTPUT) throw problem('MRT_REQUEST_TOO_LARGE', { max: '64 MB' });
      return html;
    } catch (error) {
      throw templateProblem(error);
    }
  };
  if (compiled.size > 200) compiled.clear();
  compiled.set(source, body);
  return body;
}

function templateProblem(error: unknown): unknown {
  if (!(error instanceof Error) || error.name === 'Problem') return error;
  const line =
    /line (\d+)/.exec(error.message)?.[1] ?? String((error as { lineNumber?: number }).lineNumber ?? 1);
  return problem('MRT_PRINT_TEMPLATE', { line, reason: error.message.split('\n').at(-1) ?? error.message });
}
