import { isObject } from '../../text/is-object.ts';
import { asIs } from '../as-is.ts';
import { toHalfWidth } from '../clean-text.ts';
import { valueFault } from '../fault.ts';
import { FilterValueError } from '../field-type.ts';
import type { Bind, FieldType, ValueFault } from '../field-type.ts';
import { nullFilter, refuseOperator } from '../filter-value.ts';

/** Degrees of WGS 84; north and east are positive. */
interface Point {
  readonly lat: number;
  readonly lon: number;
}

/** Six decimals are a tenth of a metre. */
const round = (degrees: number): number => Math.round(degrees * 1e6) / 1e6 + 0;
const within = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= most;
const isPoint = (value: unknown): value is Point =>
  isObject(value) && within(value['lat'], 90) && within(value['lon'], 180);

function checkPoint(value: unknown): ValueFault | null {
  if (!isObject(value)) return valueFault('MRT_VALUE_TYPE', '应为 {lat, lon}。', 'It must be {lat, lon}.');
  if (!within(value['lat'], 90))
    return valueFault(
      'MRT_VALUE_RANGE',
      '纬度应在 -90 与 90 之间。',
      'Latitude lies between -90 and 90.',
      '/lat',
    );
  if (!within(value['lon'], 180))
    return valueFault(
      'MRT_VALUE_RANGE',
      '经度应在 -180 与 180 之间。',
      'Longitude lies between -180 and 180.',
      '/lon',
    );
  return null;
}

const NUMBER = '([+-]?\\d{1,3}(?:\\.\\d+)?)';
const PLAIN = new RegExp(`^${NUMBER}\\s*°?\\s*[, ]\\s*${NUMBER}\\s*°?$`);
const ANGLE = '(\\d{1,3})°\\s*(?:(\\d{1,2})[′\']\\s*)?(?:(\\d{1,2}(?:\\.\\d+)?)[″"]\\s*)?';
const SEXAGESIMAL = new RegExp(`^${ANGLE}([NS])[, ]*${ANGLE}([EW])$`, 'i');

function angle(parts: readonly (string | undefined)[], minus: boolean): number {
  const [degrees, minutes, seconds] = parts.map((part) => Number(part ?? 0));
  return ((degrees ?? 0) + (minutes ?? 0) / 60 + (seconds ?? 0) / 3600) * (minus ? -1 : 1);
}

/** `39.9042, 116.4074` (latitude first) or `39°54′15″N 116°24′27″E`; null for anything else. */
function readPoint(cell: string): Point | null {
  const text = toHalfWidth(cell).trim();
  const plain = PLAIN.exec(text);
  const marked = plain ? null : SEXAGESIMAL.exec(text);
  const point = plain
    ? { lat: Number(plain[1]), lon: Number(plain[2]) }
    : marked && {
        lat: angle(marked.slice(1, 4), /s/i.test(marked[4] ?? '')),
        lon: angle(marked.slice(5, 8), /w/i.test(marked[8] ?? '')),
      };
  return point && isPoint(point) ? { lat: round(point.lat), lon: round(point.lon) } : null;
}

/**
 * Great-circle distance (haversine, mean radius 6371.0088 km) at most `km`. A band of latitudes first, which is
 * cheap, so that the sines are worked out for few rows.
 */
function nearFilter(column: string, value: unknown, bind: Bind): string {
  const km = isObject(value) ? value['km'] : undefined;
  if (!isPoint(value) || !within(km, 21_000) || km < 0)
    throw new FilterValueError('{"lat": 39.9, "lon": 116.4, "km": 10} is expected');
  const number = (given: number): string => `${bind(given)}::float8`;
  const lat = `(${column} ->> 'lat')::float8`;
  const lon = `(${column} ->> 'lon')::float8`;
  const [lat0, lon0] = [number(value.lat), number(value.lon)];
  const half = (a: string, b: string): string => `power(sin(radians(${a} - ${b}) / 2), 2)`;
  const chord = `${half(lat, lat0)} + cos(radians(${lat})) * cos(radians(${lat0})) * ${half(lon, lon0)}`;
  const band = `abs(${lat} - ${lat0}) <= ${number(km / 111.19 + 0.000_001)}`;
  return `(${band} AND 2 * 6371.0088 * asin(sqrt(least(1, ${chord}))) <= ${number(km)})`;
}

/** A place on the earth (ENG-03), `{"lat": 39.9042, "lon": 116.4074}`; `$near` finds what lies within a distance. */
export const geo: FieldType = {
  name: 'geo',
  label: { 'zh-CN': '地理位置', en: 'Geographic point' },
  definition: { type: 'object', properties: {} },
  check: () => [],
  columnType: () => 'jsonb',
  valueSchema: () => ({
    type: 'object',
    required: ['lat', 'lon'],
    additionalProperties: false,
    properties: { lat: { type: 'number' }, lon: { type: 'number' } },
  }),
  expressionType: () => 'map',
  normalise: (value) => (isPoint(value) ? { lat: round(value.lat), lon: round(value.lon) } : asIs(value)),
  checkValue: checkPoint,
  toColumn: (value) => (value === null || value === undefined ? null : JSON.stringify(value)),
  fromColumn: (value) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : asIs(value)),
  operators: ['near', 'null'],
  sortable: false,
  filter(operator, column, value, bind) {
    if (operator === 'null') return nullFilter(column, value);
    return operator === 'near' ? nearFilter(column, value, bind) : refuseOperator(operator);
  },
  format: (value) => (isPoint(value) ? `${value.lat}, ${value.lon}` : ''),
  parse(cell) {
    if (cell.trim() === '') return null;
    const point = readPoint(cell);
    if (point === null) throw new Error(`“${cell}” is not a place such as 39.9042, 116.4074`);
    return point;
  },
};
