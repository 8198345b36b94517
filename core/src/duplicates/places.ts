import type { Dictionaries } from '../store/dictionaries.ts';

/**
 * Dictionaries of places, the widest first. A choice field on one of them says where a record is. An installation
 * without them finds duplicates by names alone.
 */
export const PLACE_DICTIONARIES: readonly string[] = ['province', 'city'];
/** The dictionary whose place is shown beside a candidate. */
export const CITY_DICTIONARY = 'city';

/** Places by the names people write. */
export interface Places {
  /** The longest place name at the start of `text`; the place is one of `codes` (吉林 is a province and a city). */
  atStart(text: string): PlaceName | null;
  atEnd(text: string): PlaceName | null;
  /** Is each of `a` somewhere in, around or equal to one of `b`? Empty sets agree with everything. */
  agree(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean;
  /** Number of steps below the country: a city is more exact than its province. */
  depth(code: string): number;
  /** The place itself and those around it. */
  upwards(code: string): readonly string[];
}

export interface PlaceName {
  readonly name: string;
  readonly codes: readonly string[];
}

const PEOPLES =
  '布依|土家|景颇|哈尼|傈僳|朝鲜|蒙古|哈萨克|柯尔克孜|维吾尔|藏|羌|彝|苗|侗|壮|回|傣|白|黎|瑶|畲|满|土';
const AUTONOMOUS = new RegExp(`(?:(?:${PEOPLES})族?)*自治[州县区旗]$`, 'u');
const RANK = /(?:特别行政区|自治区|地区|林区|省|市|盟|县|区)$/u;

/** 成都市 is also written 成都, 恩施土家族苗族自治州 also 恩施. */
function namesOf(label: string): readonly string[] {
  const short = label.replace(AUTONOMOUS, '').replace(RANK, '');
  return short.length >= 2 && short !== label ? [label, short] : [label];
}

const PROVINCE_RANKS: Readonly<Record<string, string>> = {
  内蒙古: '自治区',
  西藏: '自治区',
  广西: '壮族自治区',
  宁夏: '回族自治区',
  新疆: '维吾尔自治区',
  香港: '特别行政区',
  澳门: '特别行政区',
};

/** Reads the places of the installation. Build it again when a dictionary changes. */
export function placesOf(dictionaries: Dictionaries): Places {
  const byName = new Map<string, Set<string>>();
  const parents = new Map<string, string | null>();
  const add = (name: string, code: string): void => {
    const codes = byName.get(name) ?? new Set();
    byName.set(name, codes.add(code));
  };
  for (const dictionary of PLACE_DICTIONARIES) {
    for (const { code, label, parent } of dictionaries.values(dictionary)) {
      const name = label['zh-CN'];
      if (!/^[\u4e00-\u9fff]{2,}$/u.test(name) || name === '其他') continue;
      parents.set(code, parent ?? parents.get(code) ?? null);
      for (const each of namesOf(name)) add(each, code);
      if (parent === null && name.length <= 3) {
        for (const rank of [PROVINCE_RANKS[name], '省', '市']) if (rank) add(name + rank, code);
      }
    }
  }
  const longest = Math.max(0, ...Array.from(byName.keys(), (name) => name.length));
  const look = (text: string, part: (length: number) => string): PlaceName | null => {
    for (let length = Math.min(longest, text.length); length >= 2; length -= 1) {
      const name = part(length);
      const codes = byName.get(name);
      if (codes) return { name, codes: [...codes] };
    }
    return null;
  };
  const line = (code: string): readonly string[] => {
    const up: string[] = [];
    for (let at: string | null = code; at !== null && !up.includes(at); at = parents.get(at) ?? null)
      up.push(at);
    return up;
  };
  const related = (a: string, b: string): boolean => line(a).includes(b) || line(b).includes(a);
  return {
    atStart: (text) => look(text, (length) => text.slice(0, length)),
    atEnd: (text) => look(text, (length) => text.slice(text.length - length)),
    agree: (a, b) =>
      a.size === 0 || b.size === 0 || [...a].some((one) => [...b].some((other) => related(one, other))),
    depth: (code) => line(code).length,
    upwards: line,
  };
}
