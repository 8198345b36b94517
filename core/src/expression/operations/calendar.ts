import { argument } from './argument.ts';
import { dateIn, dayNumber, isDate, toDate, toMoment } from '../calendar.ts';
import type { FunctionDefinition, Operation, Runtime, SqlArgument, SqlSite } from '../node.ts';
import { accept, define } from '../signature.ts';
import { asNumber, Decimal, type Value } from '../value.ts';

const today: Operation = {
  name: 'today',
  run: () => (runtime) => runtime.today,
  sql: (_args, site) => site.today,
};
const now: Operation = { name: 'now', run: () => (runtime) => runtime.now, sql: (_args, site) => site.now };

/** The business day of a date or a moment. */
function dayOf(value: Value, runtime: Runtime): string | null {
  if (typeof value !== 'string') return null;
  if (isDate(value)) return value;
  const moment = toMoment(value);
  return moment === null ? null : dateIn(runtime.timeZone, moment);
}

function daySql(arg: SqlArgument, site: SqlSite): string {
  return arg.node.type === 'datetime'
    ? `(${arg.value()} at time zone ${site.timeZone})::date`
    : `(${arg.value()})::date`;
}

const date: Operation = {
  name: 'date',
  run: (args) => {
    const a = argument(args, 0);
    return (runtime) => dayOf(a(runtime), runtime);
  },
  sql: (args, site) => daySql(argument(args, 0), site),
};

/** A day out of the years 1 to 9999 is null. */
const addDays: Operation = {
  name: 'addDays',
  run: (args) => {
    const a = argument(args, 0);
    const b = argument(args, 1);
    return (runtime) => {
      const day = dayOf(a(runtime), runtime);
      const days = asNumber(b(runtime));
      return day === null || days === null ? null : toDate(dayNumber(day) + Number(days.round(0, 0)));
    };
  },
  sql(args) {
    const sum = `(${argument(args, 0).value()})::date - date '0001-01-01' + ${argument(args, 1).numeric()}`;
    return `(select case when v between 0 and 3652058 then date '0001-01-01' + v::integer end from (select ${sum} as v) as days)`;
  },
};

const daysBetween: Operation = {
  name: 'daysBetween',
  numeric: true,
  run: (args) => {
    const a = argument(args, 0);
    const b = argument(args, 1);
    return (runtime) => {
      const from = dayOf(a(runtime), runtime);
      const to = dayOf(b(runtime), runtime);
      return from === null || to === null ? null : new Decimal(dayNumber(to) - dayNumber(from));
    };
  },
  sql: (args) => `((${argument(args, 1).value()})::date - (${argument(args, 0).value()})::date)::numeric`,
};

function part(name: 'year' | 'month' | 'day', start: number, end: number): Operation {
  return {
    name,
    numeric: true,
    run: (args) => {
      const a = argument(args, 0);
      return (runtime) => {
        const day = dayOf(a(runtime), runtime);
        return day === null ? null : new Decimal(day.slice(start, end));
      };
    },
    sql: (args, site) => `extract(${name} from ${daySql(argument(args, 0), site)})::numeric`,
  };
}

/** Days are those of the installation's time zone; `date(moment)` gives the day of a moment in it. */
export const CALENDAR: Readonly<Record<string, FunctionDefinition>> = {
  today: define([], 'date', today),
  now: define([], 'datetime', now),
  date: {
    minimum: 1,
    maximum: 1,
    resolve(args, signature) {
      const [arg] = args;
      if (arg?.kind === 'constant' && typeof arg.value === 'string') {
        if (!isDate(arg.value)) signature.notConstant(-1, arg.value);
        return { type: 'date', operation: date, args: [{ ...arg, type: 'date' }] };
      }
      accept(signature.types, 0, 'calendar', signature);
      return { type: 'date', operation: date };
    },
  },
  addDays: define(['date', 'int'], 'date', addDays),
  daysBetween: define(['date', 'date'], 'int', daysBetween),
  year: define(['calendar'], 'int', part('year', 0, 4)),
  month: define(['calendar'], 'int', part('month', 5, 7)),
  day: define(['calendar'], 'int', part('day', 8, 10)),
};
