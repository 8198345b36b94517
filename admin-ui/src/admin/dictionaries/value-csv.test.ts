import { describe, expect, it } from 'vitest';
import type { DictionaryDocument } from '@mortise/core/contract';
import { csvToPatches, readTable, valuesToCsv } from './value-csv';

const document: DictionaryDocument = {
  name: 'city',
  label: { 'zh-CN': '城市', en: 'City' },
  tree: true,
  attributes: { area_code: { label: { 'zh-CN': '区号', en: 'Area code' } } },
  values: {
    sc: { label: { 'zh-CN': '四川', en: 'Sichuan' }, sort: 10 },
    cd: {
      label: { 'zh-CN': '成都, "蓉"', en: 'Chengdu' },
      parent: 'sc',
      sort: 20,
      active: false,
      data: { area_code: '028' },
    },
  },
};

describe('values of a dictionary as a table', () => {
  it('DICT-00 exports and imports the same values', () => {
    const { patches, faults } = csvToPatches(valuesToCsv(document, document.values), document);
    expect(faults).toEqual([]);
    expect([...patches.keys()]).toEqual(['sc', 'cd']);
    expect(patches.get('cd')).toEqual({ ...document.values['cd'], color: undefined });
  });

  it('DICT-00 reads Chinese headings, and leaves what has no column as it is', () => {
    const { patches, faults } = csvToPatches('代码,中文名称,区号\ncd,成都市,\nmy,绵阳,0816\n', document);
    expect(faults).toEqual([]);
    expect(patches.get('cd')).toEqual({ label: { 'zh-CN': '成都市', en: 'Chengdu' }, data: undefined });
    expect(patches.get('my')).toEqual({
      label: { 'zh-CN': '绵阳', en: '绵阳' },
      data: { area_code: '0816' },
    });
  });

  it('DICT-00 names the line of every fault', () => {
    const text = 'code,label_zh,sort,active,color\na,,x,maybe,red\n,B,,,\nc,C,,,\nc,C,,,\n';
    expect(csvToPatches(text, document).faults).toEqual([
      { key: 'noLabel', line: 2, value: 'a' },
      { key: 'number', line: 2, value: 'x' },
      { key: 'flag', line: 2, value: 'maybe' },
      { key: 'color', line: 2, value: 'red' },
      { key: 'noCode', line: 3, value: '' },
      { key: 'repeated', line: 5, value: 'c' },
    ]);
    expect(csvToPatches('name_x\n1\n', document).faults.map(({ key }) => key)).toEqual([
      'unknownColumn',
      'noCode',
    ]);
    expect(csvToPatches('code,label_zh\n', document).faults).toEqual([
      { key: 'nothing', line: 1, value: '' },
    ]);
  });

  it('reads a table that a Chinese spreadsheet has saved', async () => {
    const gbk = new Uint8Array([0xb4, 0xfa, 0xc2, 0xeb]);
    expect(await readTable(new Blob([gbk]))).toBe('代码');
    expect(await readTable(new Blob(['代码']))).toBe('代码');
  });
});
