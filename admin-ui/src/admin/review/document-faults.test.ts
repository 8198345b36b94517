import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../api/client.ts';
import { documentFaults, faultsBelow } from './document-faults.ts';

const problem = new ApiProblem({
  type: '',
  title: '',
  status: 422,
  code: 'MRT_DOCUMENT_INVALID',
  detail: '',
  errors: [
    { path: 'entity/contact#/properties/wechat/maxLength', code: 'X', message: 'too long' },
    { path: 'form/contact.default#/tabs/base', code: 'Y', message: 'not there' },
  ],
});

describe('faults of a refused change', () => {
  it('ENG-01 are shown at the input they belong to, the others with their place', () => {
    const { here, elsewhere } = faultsBelow(documentFaults(problem), 'entity/contact', '/properties/wechat');
    expect([...here]).toEqual([['/maxLength', 'too long']]);
    expect(elsewhere).toEqual(['not there (form/contact.default/tabs/base)']);
    expect(documentFaults(new Error('x'))).toEqual([]);
  });
});
