import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../api/client.ts';
import { placedFaults } from './placed-faults.ts';

describe('the reasons against a change', () => {
  it('are said with the document and the place in it', () => {
    const errors = [
      { path: 'form/visit.form#/tabs/main', code: 'MRT_DOC_REFERENCE', message: 'No field “memo”.' },
      { path: 'entity/visit#/properties/note/compute', code: 'MRT_DOC_EXPRESSION', message: 'No field.' },
      { path: '', code: 'MRT_X', message: 'Whole.' },
    ];
    const body = { type: '', title: '', status: 422, code: 'MRT_DOCUMENT_INVALID', detail: '', errors };
    expect(placedFaults(new ApiProblem(body))).toEqual([
      'No field “memo”. — form visit.form › tabs › main',
      'No field. — entity visit › note › compute',
      'Whole.',
    ]);
    expect(placedFaults(new Error('lost'))).toEqual([]);
  });
});
