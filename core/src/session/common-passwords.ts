/**
 * Words of the passwords that are tried first: the usual English ones, walks over the keyboard, and what people in China
 * take by habit — pinyin of “I love you”, numbers that sound like it, names of services and of the trade.
 */
const WORDS = `
  password passwd passw0rd p@ssw0rd pass123word admin administrator root guest user login welcome letmein changeme change
  default secret master test testing temp qwerty qwertyuiop qwert asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc
  qweasd qweasdzxc asdf zxcv q1w2e3 q1w2e3r4 1qaz2wsx 1qazxsw2 1q2w3e 1q2w3e4r zaq12wsx abc abcd abcde abcdef abcdefg abcabc
  aaa aaaa iloveyou monkey dragon football baseball superman batman sunshine princess shadow michael jordan hunter
  charlie computer internet google microsoft apple samsung huawei xiaomi lenovo alibaba taobao tencent baidu weixin
  wechat alipay woaini woaiwo woaini1314 woaini520 woshishui nihao nihaoma mima wodemima woxihuanni aini ainiyou
  wangyi laopo laogong baobei baobao qinaide caonima zhongguo china beijing shanghai guangzhou shenzhen chengdu
  jinan tangjiu tangjiuhui gongsi kehu xiaoshou guanliyuan ceshi yonghu dengluu mortise sunmao crm hunan sichuan
  loveyou love hello welcome office company sales manager boss spring summer autumn winter
`;
const COMMON: ReadonlySet<string> = new Set(WORDS.trim().split(/\s+/));

/** Numbers that sound like words, or lie together on the keys. */
const NUMBERS =
  /^(?:5201314|1314520|7758521|7758258|147258369|123123|112233|123321|121212|520|521|1314|123456|654321)+\d{0,3}$/;
const ROWS = ['01234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** Is it a run along the keyboard or the alphabet, forwards or backwards? */
function isRun(text: string): boolean {
  const back = [...text].reverse().join('');
  return text.length > 2 && ROWS.some((row) => row.includes(text) || row.includes(back));
}

/** One character, or one short piece, over and over: `88888888`, `abcabcabc`. */
const REPEATED = /^(.{1,4})\1+.{0,3}$/u;
/** A day, as birthdays are taken; a mobile number. */
const DAY = /^(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$/;
const MOBILE = /^1[3-9]\d{9}$/;

/** Would it be among the first that somebody tries who knows nothing but the country (SEC-12)? */
export function isCommonPassword(password: string): boolean {
  const plain = password.normalize('NFKC').toLowerCase();
  if (REPEATED.test(plain) || isRun(plain) || DAY.test(plain) || MOBILE.test(plain)) return true;
  if (/^\d+$/.test(plain)) return NUMBERS.test(plain);
  // A word with a number, a year or a mark before or after it is still the word.
  const word = plain.replace(/^[\d\W_]+|[\d\W_]+$/gu, '');
  const rest = plain.length - word.length;
  return COMMON.has(plain) || (word.length > 1 && rest <= 6 && (COMMON.has(word) || isRun(word)));
}
