import type { Locale, LocaleText } from '../text/locale.ts';
import { localise } from '../text/locale.ts';

/** One faulty place of a request or document. `path` is a JSON Pointer (`/lines/0/amount`), `''` for the whole. */
export interface Fault {
  readonly path: string;
  readonly code: string;
  readonly message: LocaleText;
}

/** The RFC 9457 body of an error answer (DESIGN §12). */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  readonly [extension: string]: unknown;
}

/**
 * The one error that may reach a user. Every other error is a fault of ours and answers 500 without its text.
 * Create it through the catalogue (`problem('MRT_…', parameters)`), never by hand.
 */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly text: LocaleText;
  readonly faults: readonly Fault[];
  /** Further members of the body, e.g. both versions of a conflict. */
  readonly extension: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    status: number,
    text: LocaleText,
    faults: readonly Fault[] = [],
    extension: Readonly<Record<string, unknown>> = {},
  ) {
    super(
      `${code}: ${text.en}${faults.map((f) => `\n  at ${f.path || '/'}: ${f.message.en} (${f.code})`).join('')}`,
    );
    this.name = 'Problem';
    this.code = code;
    this.status = status;
    this.text = text;
    this.faults = faults;
    this.extension = extension;
  }

  /** The body in the user's language. */
  toBody(locale: Locale): ProblemBody {
    return {
      ...this.extension,
      type: `https://mortise.dev/problems/${this.code}`,
      title: localise(this.text, locale),
      status: this.status,
      code: this.code,
      detail: localise(this.text, locale),
      errors: this.faults.map((f) => ({ path: f.path, code: f.code, message: localise(f.message, locale) })),
    };
  }
}
