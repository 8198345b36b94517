import { describe, expect, it } from 'vitest';
import { Problem } from '../../errors/problem.ts';
import { LIST_PARAMETERS, listRequest } from './list-request.ts';
import { readQuery } from './query.ts';

const request = (query: string) => listRequest(readQuery(new URLSearchParams(query), LIST_PARAMETERS));
const codeOf = (query: string): string => {
  try {
    request(query);
  } catch (error) {
    if (error instanceof Problem) return `${error.status} ${error.code}`;
    throw error;
  }
  return 'accepted';
};

describe('parameters of a list (DESIGN §12)', () => {
  it('reads all of them', () => {
    expect(
      request(
        'filter={"name":{"$like":"酒%25"}}&sort=-created_at,name&fields=name,owner.name&limit=20&offset=40&count=exact&display=true&state=void&search=酒',
      ),
    ).toEqual({
      filter: { name: { $like: '酒%' } },
      sort: '-created_at,name',
      fields: ['name', 'owner.name'],
      limit: 20,
      offset: 40,
      count: 'exact',
      display: true,
      state: 'void',
      search: '酒',
    });
  });

  it('leaves out what was not given', () => {
    expect(request('')).toEqual({});
  });

  it.each([
    ['an unknown parameter', 'filtre={}', '400 MRT_REQUEST_MALFORMED'],
    ['a parameter given twice', 'limit=1&limit=2', '400 MRT_REQUEST_MALFORMED'],
    ['a filter that is not JSON', 'filter={a', '400 MRT_REQUEST_MALFORMED'],
    ['a filter that is no object', 'filter=[1]', '400 MRT_REQUEST_MALFORMED'],
    ['a limit above 1,000', 'limit=1001', '400 MRT_REQUEST_LIMIT'],
    ['a limit of nought', 'limit=0', '400 MRT_REQUEST_LIMIT'],
    ['a limit that is no number', 'limit=ten', '400 MRT_REQUEST_LIMIT'],
    ['a negative offset', 'offset=-1', '400 MRT_REQUEST_MALFORMED'],
    ['cursor and offset together', 'cursor=x&offset=1', '400 MRT_REQUEST_MALFORMED'],
    ['an unknown way to count', 'count=all', '400 MRT_REQUEST_MALFORMED'],
    ['U+0000', 'search=%00', '400 MRT_REQUEST_MALFORMED'],
    ['an empty field name', 'fields=name,,code', '400 MRT_REQUEST_MALFORMED'],
  ])('refuses %s', (_case, query, expected) => {
    expect(codeOf(query)).toBe(expected);
  });
});
