import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEngines } from '../testing/databases.ts';
import type { BulkAnswer, HistoryEntry, ProblemBody, RecordData, TransitionsAnswer } from './contract.ts';
import { startTestServer, type TestClient, type TestServer } from './test-server.ts';

const AT = '/api/v1/records/customer';

describeEngines('transitions over HTTP', (open) => {
  let server: TestServer;
  let admin: TestClient;
  let reviewer: TestClient;
  beforeAll(async () => {
    server = await startTestServer(open);
    admin = await server.administrator();
    const made = await admin.post<RecordData>('/api/v1/records/user', {
      username: 'checker',
      display_name: 'Checker',
      roles: ['reviewer'],
    });
    await admin.post(`/api/v1/users/${String(made.body['id'])}/password`, {
      password: 'checker-of-data-1',
      must_change: false,
    });
    reviewer = server.client();
    await reviewer.signIn('checker', 'checker-of-data-1');
  });
  afterAll(() => server?.close());

  const create = async (name: string): Promise<string> =>
    String((await admin.post<RecordData>(AT, { name })).body['id']);

  it('WF-01 tells what may be done and why not, moves on, and shows the step in the history', async () => {
    const id = await create('一审酒业有限公司');
    const offer = async (client: TestClient) => {
      const { states, transitions } = (await client.get<TransitionsAnswer>(`${AT}/${id}/transitions`)).body;
      const isReview = ({ workflow }: { readonly workflow: string }): boolean => workflow === 'data_review';
      return { states: states.filter(isReview), transitions: transitions.filter(isReview) };
    };
    const own = await offer(admin);
    expect(own.states).toMatchObject([{ workflow: 'data_review', state: 'unreviewed', final: false }]);
    expect(own.transitions.filter(({ allowed }) => allowed)).toEqual([]);
    const theirs = await offer(reviewer);
    expect(theirs.transitions.filter(({ allowed }) => allowed).map(({ name }) => name)).toEqual([
      'first_pass',
      'first_return',
    ]);
    const refused = await admin.post<ProblemBody>(`${AT}/${id}/transitions/first_pass`, {});
    expect(refused.body).toMatchObject({ status: 403, code: 'MRT_TRANSITION_DENIED' });
    const returned = await reviewer.post<ProblemBody>(`${AT}/${id}/transitions/first_return`, {});
    expect(returned.body).toMatchObject({ status: 422, errors: [{ path: '/opinion' }] });
    const done = await reviewer.post<RecordData>(`${AT}/${id}/transitions/first_pass`, { opinion: '属实' });
    expect(done).toMatchObject({
      status: 200,
      body: { review_status: 'first_passed', review_opinion: '属实', version: 2 },
    });
    expect(done.headers.get('ETag')).toBe('"2"');
    const late = await reviewer.post<ProblemBody>(`${AT}/${id}/transitions/first_pass`, {});
    expect(late.body).toMatchObject({ status: 409, code: 'MRT_TRANSITION_STATE' });
    const history = await admin.get<{ items: HistoryEntry[] }>(`${AT}/${id}/history`);
    expect(history.body.items[0]).toMatchObject({
      action: 'transition',
      reason: '属实',
      steps: [{ transition: 'first_pass', to: { en: 'First review passed' } }],
    });
  });

  it('ENG-16 takes the version of If-Match where it is given', async () => {
    const id = await create('版本酒业');
    const old = await reviewer.request<ProblemBody>('POST', `${AT}/${id}/transitions/first_pass`, {
      body: {},
      headers: { 'If-Match': '"7"' },
    });
    expect(old.body).toMatchObject({ status: 409, code: 'MRT_RECORD_CONFLICT' });
  });

  it('WF-01 reviews many at once: all or none, or each for itself', async () => {
    const items = [{ id: await create('贵州茅台酒厂') }, { id: await create('泸州老窖股份') }];
    const pass = { operation: 'transition', transition: 'first_pass' };
    const done = await reviewer.post<BulkAnswer>(`${AT}/bulk`, { ...pass, items });
    expect(done.body.results.map(({ version }) => version)).toEqual([2, 2]);
    const third = { id: await create('山西汾酒集团') };
    const again = await reviewer.post<ProblemBody>(`${AT}/bulk`, { ...pass, items: [third, ...items] });
    expect(again.status).toBe(422);
    const each = await reviewer.post<BulkAnswer>(`${AT}/bulk`, {
      ...pass,
      items: [third, ...items],
      each: true,
    });
    expect(each.body.results.map(({ version, problem }) => version ?? problem?.code)).toEqual([
      2,
      'MRT_TRANSITION_STATE',
      'MRT_TRANSITION_STATE',
    ]);
    const unnamed = await reviewer.post<ProblemBody>(`${AT}/bulk`, { operation: 'transition', items });
    expect(unnamed.status).toBe(400);
  });

  it('DM-COM-15 asks for both reviews again when the content changes', async () => {
    const id = await create('改动酒业');
    await reviewer.post(`${AT}/${id}/transitions/first_pass`, {});
    const changed = await admin.request<RecordData>('PATCH', `${AT}/${id}`, {
      body: { name: '改动过的酒业' },
      headers: { 'If-Match': '"2"' },
    });
    expect(changed.body).toMatchObject({ review_status: 'unreviewed', first_review_mark: 'pending' });
  });

  it('names unknown transitions, records and members', async () => {
    const id = await create('未知酒业');
    expect((await reviewer.post(`${AT}/${id}/transitions/ghost`, {})).status).toBe(404);
    expect((await reviewer.post(`${AT}/nobody/transitions/first_pass`, {})).status).toBe(404);
    expect((await reviewer.post(`${AT}/${id}/transitions/first_pass`, { ghost: 1 })).status).toBe(400);
    expect((await reviewer.post(`${AT}/${id}/transitions/first_pass`, { opinion: 5 })).status).toBe(400);
  });
});
