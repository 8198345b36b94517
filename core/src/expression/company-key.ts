/** Provinces, autonomous regions, municipalities and special regions: short name → full names. */
const PROVINCES: Readonly<Record<string, readonly string[]>> = {
  北京: ['北京市'],
  天津: ['天津市'],
  上海: ['上海市'],
  重庆: ['重庆市'],
  河北: ['河北省'],
  山西: ['山西省'],
  辽宁: ['辽宁省'],
  吉林: ['吉林省'],
  黑龙江: ['黑龙江省'],
  江苏: ['江苏省'],
  浙江: ['浙江省'],
  安徽: ['安徽省'],
  福建: ['福建省'],
  江西: ['江西省'],
  山东: ['山东省'],
  河南: ['河南省'],
  湖北: ['湖北省'],
  湖南: ['湖南省'],
  广东: ['广东省'],
  海南: ['海南省'],
  四川: ['四川省'],
  贵州: ['贵州省'],
  云南: ['云南省'],
  陕西: ['陕西省'],
  甘肃: ['甘肃省'],
  青海: ['青海省'],
  台湾: ['台湾省'],
  内蒙古: ['内蒙古自治区'],
  广西: ['广西壮族自治区', '广西自治区'],
  西藏: ['西藏自治区'],
  宁夏: ['宁夏回族自治区', '宁夏自治区'],
  新疆: ['新疆维吾尔自治区', '新疆自治区'],
  香港: ['香港特别行政区'],
  澳门: ['澳门特别行政区'],
};

/** Longest first, so that 内蒙古自治区 is taken before 内蒙古. */
const PREFIXES = Object.entries(PROVINCES)
  .flatMap(([short, full]) => [short, ...full])
  .sort((a, b) => b.length - a.length);

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
