import { boolean } from './boolean/boolean.ts';
import { choice } from './choice/choice.ts';
import { date } from './date/date.ts';
import { datetime } from './datetime/datetime.ts';
import { decimal } from './decimal/decimal.ts';
import { email } from './email/email.ts';
import type { FieldType } from './field-type.ts';
import { integer } from './integer/integer.ts';
import { longtext } from './longtext/longtext.ts';
import { money } from './money/money.ts';
import { phone } from './phone/phone.ts';
import { text } from './text/text.ts';
import { url } from './url/url.ts';

/** Types whose values stand alone, without other records: the ones a list's items may have. */
export const SCALAR_TYPES: readonly FieldType[] = [
  text,
  longtext,
  integer,
  decimal,
  money,
  boolean,
  date,
  datetime,
  email,
  phone,
  url,
  choice,
];

/** The scalar type `name`, or undefined. */
export function scalarType(name: unknown): FieldType | undefined {
  return SCALAR_TYPES.find((type) => type.name === name);
}
