import type { BenchSession } from './data.ts';
import type { Shot } from './measure.ts';

/** One thing people do all day, on the product and on the floor. */
export interface BenchCase {
  readonly name: string;
  product(url: string, session: BenchSession): Shot;
  floor(url: string, session: BenchSession): Shot;
}

const COLUMNS = 'name,customer_code,customer_type,province,city,industry,importance,phone,updated_at';
const get = (session: BenchSession): RequestInit => ({ headers: { Cookie: session.cookie } });
const send = (
  session: BenchSession,
  method: string,
  data: unknown,
  more: Record<string, string> = {},
): RequestInit => ({
  method,
  headers: {
    Cookie: session.cookie,
    'X-CSRF-Token': session.csrf,
    'Content-Type': 'application/json',
    ...more,
  },
  body: JSON.stringify(data),
});
const own = (session: BenchSession, n: number): string => session.own[n % session.own.length] ?? '';
const customer = (mark: string, n: number): Record<string, unknown> => ({
  name: `新建${mark}${n}-${process.hrtime.bigint()}食品有限公司`,
  address: `成都市新路 ${n} 号`,
  phone: '028-85551234',
  province: '51',
  customer_type: ['potential'],
});

/** Updates need the version: each client remembers what the last answer said. */
function updater(
  session: BenchSession,
  request: (id: string, version: number, n: number) => Promise<Response>,
): Shot {
  const busy = new Set<string>();
  return async (n) => {
    const id =
      session.own.find((each, index) => index >= n % session.own.length && !busy.has(each)) ??
      own(session, n);
    busy.add(id);
    try {
      const answer = await request(id, session.versions.get(id) ?? 1, n);
      if (answer.ok) session.versions.set(id, ((await answer.clone().json()) as { version: number }).version);
      return answer;
    } finally {
      busy.delete(id);
    }
  };
}

const FILTER = encodeURIComponent(JSON.stringify({ province: '51' }));

export const cases: readonly BenchCase[] = [
  {
    name: 'list page of 50, filtered and sorted',
    product: (url, session) => () =>
      fetch(
        `${url}/api/v1/records/customer?filter=${FILTER}&sort=-updated_at&fields=${COLUMNS}&limit=50&count=none`,
        get(session),
      ),
    floor: (url, session) => () => fetch(`${url}/list?province=51`, get(session)),
  },
  {
    name: 'read one record',
    product: (url, session) => (n) =>
      fetch(`${url}/api/v1/records/customer/${own(session, n)}`, get(session)),
    floor: (url, session) => (n) => fetch(`${url}/read/${own(session, n)}`, get(session)),
  },
  {
    name: 'create',
    product: (url, session) => (n) =>
      fetch(`${url}/api/v1/records/customer`, send(session, 'POST', customer('产品', n))),
    floor: (url, session) => (n) => fetch(`${url}/create`, send(session, 'POST', customer('底线', n))),
  },
  {
    name: 'update one field',
    product: (url, session) =>
      updater(session, (id, version, n) =>
        fetch(
          `${url}/api/v1/records/customer/${id}`,
          send(session, 'PATCH', { remarks: `备注 ${n} ${version}` }, { 'If-Match': `"${version}"` }),
        ),
      ),
    floor: (url, session) =>
      updater(session, (id, version, n) =>
        fetch(
          `${url}/update/${id}`,
          send(session, 'PATCH', { remarks: `备注 ${n} ${version}` }, { 'If-Match': `"${version}"` }),
        ),
      ),
  },
];
