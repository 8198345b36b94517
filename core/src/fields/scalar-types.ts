import { barcode } from './barcode/barcode.ts';
import { boolean } from './boolean/boolean.ts';
import { choice } from './choice/choice.ts';
import { colour } from './colour/colour.ts';
import { date } from './date/date.ts';
import { datetime } from './datetime/datetime.ts';
import { decimal } from './decimal/decimal.ts';
import { duration } from './duration/duration.ts';
import { email } from './email/email.ts';
import type { FieldType } from './field-type.ts';
import { integer } from './integer/integer.ts';
import { longtext } from './longtext/longtext.ts';
import { money } from './money/money.ts';
import { percent } from './percent/percent.ts';
import { phone } from './phone/phone.ts';
import { rating } from './rating/rating.ts';
import { text } from './text/text.ts';
import { time } from './time/time.ts';
import { url } from './url/url.ts';

/** Types whose values stand alone, without other records: the ones a list's items may have. */
export const SCALAR_TYPES: readonly FieldType[] = [
  text,
  longtext,
  integer,
  decimal,
  money,
  percent,
  boolean,
  date,
  datetime,
  time,
  duration,
  email,
  phone,
  url,
  choice,
  rating,
  colour,
  barcode,
];

/** The scalar type `name`, or undefined. */
export function scalarType(name: unknown): FieldType | undefined {
  return SCALAR_TYPES.find((type) => type.name === name);
}
