import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, isCalendarDate, wallTime } from './calendar.ts';
import { compareDecimals, fixDecimals, groupDigits, readDecimal } from './decimal-text.ts';
import { defOf, en, parseScope, zh } from './field-fixture.ts';
import { fieldType } from './registry.ts';

/** A moment with whole seconds, years 1 to 9999, as the API carries it. */
const moment = fc
  .date({ min: new Date('0002-01-01T00:00:00Z'), max: new Date('9998-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => {
    date.setUTCMilliseconds(0);
    return date.toISOString();
  });
const amount = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 999_999_999_999_999n }))
  .map(([minus, cents]) => {
    const digits = cents.toString().padStart(3, '0');
    return fixDecimals(`${minus ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`, 2);
  });

const VALUES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  text: fc.string({ unit: 'grapheme', maxLength: 30 }),
  longtext: fc.string({ unit: 'grapheme', maxLength: 60 }),
  integer: fc.integer(),
  money: amount,
  boolean: fc.boolean(),
  date: moment.map((value) => value.slice(0, 10)),
  datetime: moment,
  percent: fc
    .tuple(fc.boolean(), fc.integer({ min: 0, max: 99_999_999 }))
    .map(([minus, parts]) => `${minus && parts > 0 ? '-' : ''}${(parts / 10_000).toFixed(4)}`),
  time: fc.integer({ min: 0, max: 1439 }).map((minutes) => {
    const part = (value: number): string => String(value).padStart(2, '0');
    return `${part(Math.floor(minutes / 60))}:${part(minutes % 60)}`;
  }),
  duration: fc.nat(),
  colour: fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`),
  geo: fc.record({
    lat: fc.integer({ min: -90_000_000, max: 90_000_000 }).map((value) => value / 1e6),
    lon: fc.integer({ min: -180_000_000, max: 180_000_000 }).map((value) => value / 1e6),
  }),
  rating: fc.integer({ min: 1, max: 5 }),
  tags: fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 }), {
    minLength: 1,
    maxLength: 5,
  }),
  barcode: fc.string({ minLength: 1, maxLength: 40 }),
};

describe.each(Object.entries(VALUES))('%s', (name, values) => {
  const type = fieldType(name);
  const def = defOf(name);

  it('ENG-03 reads back from a cell what it prints, in both languages', () => {
    fc.assert(
      fc.property(values, (value) => {
        fc.pre(type.checkValue(value, def) === null);
        const normal = type.normalise(value, def);
        expect(type.normalise(normal, def)).toEqual(normal);
        for (const scope of [zh, en])
          expect(type.parse(type.format(normal, def, scope), def, parseScope)).toEqual(normal);
      }),
    );
  });

  it('ENG-03 answers any value at all with a fault or none, never with an error', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(type.checkValue(value, def)?.code ?? 'MRT_VALUE_').toMatch(/^MRT_VALUE_/);
      }),
    );
  });
});

describe('the calendar', () => {
  it('agrees with the language on which days exist', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
          const known = new Date(`${text}T00:00:00Z`);
          expect(isCalendarDate(text)).toBe(
            !Number.isNaN(known.getTime()) && known.toISOString().startsWith(text),
          );
        },
      ),
    );
  });

  it.each(['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Pacific/Chatham', 'UTC'])(
    'finds the moment of a clock time in %s',
    (timeZone) => {
      fc.assert(
        fc.property(moment, (value) => {
          const clock = wallTime(new Date(value), timeZone);
          const [date = '', time = ''] = clock.split(' ');
          // An hour that occurs twice in autumn has two moments; the clock must agree, not the moment.
          expect(wallTime(instantOf(date, time, timeZone), timeZone)).toBe(clock);
        }),
      );
    },
  );
});

describe('decimals', () => {
  it('survive grouping and keep their order', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(readDecimal(groupDigits(a))).toBe(a);
        expect(Math.sign(compareDecimals(a, b))).toBe(
          Math.sign(Number(BigInt(a.replace('.', '')) - BigInt(b.replace('.', '')))),
        );
      }),
    );
  });
});
