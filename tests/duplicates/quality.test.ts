import { describe, expect, it } from 'vitest';
import { companyName } from '../../core/src/duplicates/company-name.ts';
import { companySimilarity } from '../../core/src/duplicates/company-similarity.ts';
import { isFound, judge, PLACES } from './judge.ts';
import { makePairs } from './pairs.ts';

describe('the search for duplicates', () => {
  it('NF-DQ-01 finds at least 95 % of true pairs, and at least 90 % of what it finds is true', () => {
    const verdict = judge(makePairs(200, 20_260_101));
    const faults = [...verdict.missed, ...verdict.wrong].map((pair) => [
      pair.how,
      pair.stored.name,
      pair.typed.name,
    ]);
    expect(verdict.recall, JSON.stringify(faults)).toBeGreaterThanOrEqual(0.95);
    expect(verdict.precision, JSON.stringify(faults)).toBeGreaterThanOrEqual(0.9);
  });

  it.each([
    ['四川泸州老窖股份有限公司', '泸州老窖股份公司'],
    ['泸州老窖(集团)有限公司', '瀘州老窖股份有限公司'],
    ['贵州茅台酒股份有限公司', '茅台酒厂'],
    ['青岛啤酒股份有限公司', '青岛啤酒'],
    ['宜宾五粮液集团公司', '四川省宜宾五粮液（集团）有限公司'],
    ['成都佳美食品有限公司', '佳美食品(成都)有限公司'],
    ['成都佳美食品有限公司', '成都家美食品有限公司'],
    ['成都佳美食品有限公司', '成都美食品有限公司'],
    ['成都佳美食品有限公司', '成郡佳美食品有限公司'],
    ['成都市锦江区佳美食品有限公司', '锦江区佳美食品公司'],
    ['Foo Food Co., Ltd.', 'ＦＯＯ ＦＯＯＤ'],
    ['吉林中天食品有限公司', '吉林省白城市中天食品有限公司'],
  ])('ENT-02 takes %s for %s', (stored, typed) => {
    expect(isFound({ stored: { name: stored }, typed: { name: typed }, same: true, how: '' }).found).toBe(
      true,
    );
  });

  it.each([
    ['成都佳美食品有限公司', '重庆佳美食品有限公司'],
    ['成都佳美食品有限公司', '成都佳美食品有限公司北京分公司'],
    ['佳美食品有限公司北京分公司', '佳美食品有限公司上海分公司'],
    ['成都佳美食品一厂', '成都佳美食品二厂'],
    ['成都佳美食品有限公司', '成都佳美包装有限公司'],
    ['成都佳美食品有限公司', '成都佳美食品机械有限公司'],
    ['青岛啤酒股份有限公司', '燕京啤酒股份有限公司'],
    ['韶关阿里粮油有限公司', '盐城市阿里粮油有限公司'],
    ['杭州欧米格酿造有限公司', '杭州欧米格卤味有限公司'],
    ['基准12酒业', '基准13酒业'],
  ])('CF-06 keeps %s apart from %s', (stored, typed) => {
    const phone = '028-85551234';
    expect(isFound({ stored: { name: stored }, typed: { name: typed }, same: false, how: '' }).found).toBe(
      false,
    );
    if (companySimilarity(companyName(stored, PLACES), companyName(typed, PLACES), PLACES).conflict)
      expect(
        isFound({ stored: { name: stored, phone }, typed: { name: typed, phone }, same: false, how: '' })
          .found,
      ).toBe(false);
  });

  it('compares in both directions alike', () => {
    for (const { stored, typed, same, how } of makePairs(200, 7))
      expect(isFound({ stored: typed, typed: stored, same, how }).score).toBeCloseTo(
        isFound({ stored, typed, same, how }).score,
        5,
      );
  });
});
