import { randomInt } from 'node:crypto';
import { problem } from '../errors/catalogue.ts';
import type { Fault } from '../errors/problem.ts';
import type { PasswordRules } from '../model/documents.ts';
import type { LocaleText } from '../text/locale.ts';
import { isCommonPassword } from './common-passwords.ts';

/** Fewest characters of a password (SEC-12), whatever the settings say; the longest keeps hashing cheap. */
export const PASSWORD_MIN = 8;
const PASSWORD_MAX = 200;
/** A name shorter than this is in too many words to be looked for. */
const SHORTEST_NAME = 3;

const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u];

/** One rule: what it demands, as people read it, and whether a password keeps it. */
interface Rule {
  readonly code: string;
  readonly message: LocaleText;
  keeps(password: string, username: string): boolean;
}

function rulesOf(rules: PasswordRules): readonly Rule[] {
  const min = Math.max(PASSWORD_MIN, rules.minLength ?? PASSWORD_MIN);
  const classes = rules.classes ?? 1;
  return [
    {
      code: 'MRT_PASSWORD_LENGTH',
      message: {
        'zh-CN': `须为 ${min} 至 ${PASSWORD_MAX} 个字符`,
        en: `it needs ${min} to ${PASSWORD_MAX} characters`,
      },
      keeps: (password) => [...password].length >= min && [...password].length <= PASSWORD_MAX,
    },
    ...(classes > 1
      ? [
          {
            code: 'MRT_PASSWORD_CLASSES',
            message: {
              'zh-CN': `小写字母、大写字母、数字、其他字符至少要有 ${classes} 类`,
              en: `it needs ${classes} of small letters, capitals, digits and other characters`,
            },
            keeps: (password: string) => CLASSES.filter((each) => each.test(password)).length >= classes,
          },
        ]
      : []),
    {
      code: 'MRT_PASSWORD_NAME',
      message:
        rules.refuseName === true
          ? { 'zh-CN': '不能含有用户名', en: 'it must not contain the user name' }
          : { 'zh-CN': '不能与用户名相同', en: 'it must not be the user name' },
      keeps: (password, username) => !holdsName(password, username, rules.refuseName === true),
    },
    ...(rules.refuseCommon === false
      ? []
      : [
          {
            code: 'MRT_PASSWORD_COMMON',
            message: {
              'zh-CN': '不能是常见的、容易猜到的密码',
              en: 'it must not be a well-known or easily guessed one',
            },
            keeps: (password: string) => !isCommonPassword(password),
          },
        ]),
  ];
}

function holdsName(password: string, username: string, inside: boolean): boolean {
  const [within, name] = [password, username].map((each) => each.normalize('NFKC').trim().toLowerCase());
  if (!within || !name) return false;
  return within === name || (inside && name.length >= SHORTEST_NAME && within.includes(name));
}

/** The rule over former passwords, which only the database can judge; null when there is none. */
function formerRule({ history = 0 }: PasswordRules): Pick<Rule, 'code' | 'message'> | null {
  if (history < 1) return null;
  return {
    code: 'MRT_PASSWORD_USED',
    message: {
      'zh-CN': `不能与最近 ${history} 个密码相同`,
      en: history === 1 ? 'it must not be the present one' : `it must not be one of your last ${history}`,
    },
  };
}

/** What a password must be, to be read before one is typed. */
export function passwordRules(rules: PasswordRules): readonly Pick<Rule, 'code' | 'message'>[] {
  const former = formerRule(rules);
  return [...rulesOf(rules), ...(former ? [former] : [])].map(({ code, message }) => ({ code, message }));
}

/** @throws MRT_PASSWORD_WEAK with each rule that it breaks, `path` being the member of the request */
export function checkPassword(password: string, username: string, rules: PasswordRules, path: string): void {
  refuse(
    rulesOf(rules).filter((rule) => !rule.keeps(password, username)),
    path,
  );
}

/** @throws MRT_PASSWORD_WEAK saying that it was taken before */
export function refuseFormer(rules: PasswordRules, path: string): void {
  const former = formerRule(rules);
  refuse(former ? [former] : [], path);
}

function refuse(broken: readonly Pick<Rule, 'code' | 'message'>[], path: string): void {
  if (broken.length === 0) return;
  const faults: Fault[] = broken.map(({ code, message }) => ({ path, code, message }));
  const reasons = {
    'zh-CN': broken.map(({ message }) => message['zh-CN']).join('；'),
    en: broken.map(({ message }) => message.en).join('; '),
  };
  throw problem('MRT_PASSWORD_WEAK', { reasons }, faults);
}

/** Without characters that look alike on paper. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** A password that nobody guesses (about 92 bits), in groups that can be read out. */
export function generatePassword(): string {
  const group = (): string => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
