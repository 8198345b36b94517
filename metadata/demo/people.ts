import type { Random } from '@mortise/core/plugin';

const FAMILY_NAMES: readonly (readonly [string, number])[] = [
  ['王', 72],
  ['李', 72],
  ['张', 68],
  ['刘', 54],
  ['陈', 46],
  ['杨', 31],
  ['黄', 23],
  ['赵', 23],
  ['吴', 21],
  ['周', 21],
  ['徐', 15],
  ['孙', 15],
  ['马', 13],
  ['朱', 13],
  ['胡', 13],
  ['郭', 12],
  ['何', 11],
  ['林', 11],
  ['高', 10],
  ['罗', 10],
  ['郑', 10],
  ['梁', 9],
  ['谢', 8],
  ['宋', 8],
  ['唐', 7],
  ['许', 7],
  ['韩', 7],
  ['冯', 6],
  ['邓', 6],
  ['曹', 6],
  ['彭', 6],
  ['曾', 6],
  ['肖', 6],
  ['田', 5],
  ['董', 5],
  ['袁', 5],
  ['潘', 5],
  ['蒋', 5],
  ['蔡', 5],
  ['余', 5],
  ['杜', 4],
  ['叶', 4],
  ['程', 4],
  ['苏', 4],
  ['魏', 4],
  ['吕', 4],
  ['丁', 4],
  ['任', 4],
  ['沈', 4],
  ['欧阳', 1],
  ['上官', 1],
];
const MALE = [
  '伟',
  '强',
  '磊',
  '军',
  '勇',
  '杰',
  '涛',
  '超',
  '明',
  '刚',
  '平',
  '辉',
  '鹏',
  '斌',
  '波',
  '建国',
  '志强',
  '文博',
  '国栋',
  '海涛',
  '俊杰',
  '永康',
  '振华',
  '立新',
  '德明',
  '家豪',
  '子轩',
  '浩然',
  '嘉诚',
  '宏伟',
];
const FEMALE = [
  '芳',
  '娜',
  '敏',
  '静',
  '丽',
  '艳',
  '娟',
  '霞',
  '燕',
  '玲',
  '桂英',
  '秀兰',
  '雪梅',
  '晓燕',
  '婷婷',
  '佳怡',
  '慧敏',
  '梦洁',
  '思琪',
  '雨欣',
  '美玲',
  '海燕',
  '文静',
  '红梅',
  '淑珍',
  '丽华',
  '春梅',
  '欣怡',
  '诗涵',
  '雅琴',
];

export interface Person {
  readonly name: string;
  readonly gender: 'male' | 'female';
}

/** A Chinese full name with its gender; family names in about the proportions of the country. */
export function person(random: Random): Person {
  const gender = random.chance(0.58) ? 'male' : 'female';
  return { name: random.weighted(FAMILY_NAMES) + random.pick(gender === 'male' ? MALE : FEMALE), gender };
}

/** A mobile number of a plausible range. */
export function mobile(random: Random): string {
  return `1${random.pick(['35', '36', '37', '38', '39', '50', '51', '58', '59', '77', '86', '87', '88', '89'])}${digits(random, 8)}`;
}

/** `count` digits by chance. */
export function digits(random: Random, count: number): string {
  let text = '';
  for (let at = 0; at < count; at += 1) text += String(random.int(0, 9));
  return text;
}
