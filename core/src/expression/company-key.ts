/** Provinces, municipalities, autonomous and special regions of China by the words that may follow their short names. */
const PROVINCES: readonly (readonly [names: string, suffixes: readonly string[]])[] = [
  ['北京 天津 上海 重庆', ['市']],
  ['河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南', ['省']],
  ['四川 贵州 云南 陕西 甘肃 青海 台湾', ['省']],
  ['内蒙古 西藏', ['自治区']],
  ['广西', ['壮族自治区', '自治区']],
  ['宁夏', ['回族自治区', '自治区']],
  ['新疆', ['维吾尔自治区', '自治区']],
  ['香港 澳门', ['特别行政区']],
];

/** Longest first, so that 内蒙古自治区 is taken before 内蒙古. */
const PREFIXES = PROVINCES.flatMap(([names, suffixes]) =>
  names.split(' ').flatMap((name) => [name, ...suffixes.map((suffix) => name + suffix)]),
).sort((a, b) => b.length - a.length);

/** Legal forms at the end of a name, longest first. They may follow each other: 集团 + 股份有限公司. */
const LEGAL_FORMS = [
  '股份有限责任公司',
  '有限责任公司',
  '股份有限公司',
  '股份公司',
  '有限公司',
  '责任有限公司',
  '总公司',
  '公司',
  '集团',
  '总厂',
  '厂',
].sort((a, b) => b.length - a.length);

/** Words that name a part of an enterprise: another record, so they stay (and what stands before them is not stripped as a form). */
const BRANCH = /^(.*?公司)(.+(?:分公司|子公司|办事处|代表处|分厂|分店|营业部|经营部|门市部|事业部|服务部))$/u;

const LATIN_FORM =
  /[\s.,]+(?:co|company|ltd|limited|inc|incorporated|corp|corporation|llc|gmbh|plc|group)\.?$/u;

/** A numeral or 分 before 厂 or 公司 tells one works from another: 一厂, 第2厂, 分公司. */
const DISTINGUISHING = /[\d一二三四五六七八九十百甲乙丙丁分子]$/u;

/** The least that may be left of a name; otherwise the step is not taken. */
const MINIMUM = 2;

/**
 * The part of a company's name by which duplicates are found (DM-CUST-48, SCN-06): two names with the same key are
 * probably one enterprise. Full width becomes half width, letters small; blanks, brackets and punctuation go (what
 * stands in brackets stays), then the province, 市 after the city, and the legal form. Branches and numbered works
 * stay distinct. Empty only for a name without letters, digits or characters. Pure and idempotent in effect, not
 * in text: make keys of names, not of keys.
 * @example companyKey('四川省宜宾五粮液（集团）有限公司') // '宜宾五粮液', as companyKey('宜宾五粮液集团公司')
 */
export function companyKey(name: string): string {
  const latin = withoutLatinForm(name.normalize('NFKC').toLowerCase().trim());
  const plain = latin.replace(/[\p{P}\p{S}\p{Z}\p{C}]/gu, '');
  const branch = BRANCH.exec(plain);
  if (branch) return withoutForm(withoutPlace(branch[1] as string)) + (branch[2] as string);
  return withoutForm(withoutPlace(plain));
}

function withoutLatinForm(name: string): string {
  let rest = name;
  for (;;) {
    const shorter = rest.replace(LATIN_FORM, '');
    if (shorter === rest || shorter.length < MINIMUM) return rest;
    rest = shorter;
  }
}

function withoutPlace(name: string): string {
  const province = PREFIXES.find((prefix) => name.startsWith(prefix));
  const rest = province && isName(name.slice(province.length)) ? name.slice(province.length) : name;
  // 成都市华西 and 成都华西 are one name; 红旗超市 is no city.
  const city = rest.replace(/^([\u4e00-\u9fff]{1,3}[^超夜集股门楼花菜城])市/u, '$1');
  return city.length > MINIMUM ? city : rest;
}

/** Is this a name by itself, or only a kind of company (四川有限公司 must keep 四川)? */
function isName(text: string): boolean {
  return withoutForm(text).length >= MINIMUM && !LEGAL_FORMS.includes(text);
}

function withoutForm(name: string): string {
  let rest = name;
  for (;;) {
    const form = LEGAL_FORMS.find((candidate) => rest.endsWith(candidate));
    if (form === undefined) return rest;
    const shorter = rest.slice(0, -form.length);
    if (shorter.length < MINIMUM || DISTINGUISHING.test(shorter)) return rest;
    rest = shorter;
  }
}
