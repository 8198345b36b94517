import { Client } from 'pg';
import { makePairs } from '../duplicates/pairs.ts';
import type { Dice } from '../duplicates/dice.ts';
import { soundsOf } from '../../core/src/search/text-units.ts';

interface SearchBase {
  readonly companies: readonly string[];
  readonly persons: readonly string[];
}

interface FillOptions {
  readonly customers: number;
  readonly contacts: number;
  /** Owner of every thousandth record. */
  readonly clerk: string;
  /** Real short names; null: those of the duplicates' pairs. */
  readonly shortNames: readonly string[] | null;
}

const PLACES = [
  '成都',
  '重庆',
  '北京',
  '上海',
  '广州',
  '深圳',
  '杭州',
  '南京',
  '武汉',
  '西安',
  '长沙',
  '郑州',
  '青岛',
  '厦门',
];
const TRADES = [
  '食品',
  '酒业',
  '饮料',
  '包装',
  '机械',
  '科技',
  '贸易',
  '商贸',
  '乳业',
  '调味品',
  '印刷',
  '物流',
  '',
];
const FORMS = ['有限公司', '有限责任公司', '股份有限公司', '厂', '集团有限公司'];
const SURNAMES = Array.from(
  '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段',
);
const GIVEN = Array.from(
  '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文志玉红春梅兰凤洁林玲雪峰海波宁鹏飞云龙辉',
);

/** Fills customers and contacts past the API: the triggers mark them all the same. */
export async function fillSearchBase(database: string, options: FillOptions): Promise<SearchBase> {
  const { customers, contacts, clerk, shortNames } = options;
  const pick = <T>(all: readonly T[], n: number): T => all[n % all.length] as T;
  const companies = shortNames
    ? Array.from(
        { length: customers },
        (_, n) =>
          pick(PLACES, n) +
          pick(shortNames, n * 7) +
          pick(TRADES, Math.floor(n / 14)) +
          pick(FORMS, Math.floor(n / 5)),
      )
    : makePairs(customers, 42).map(({ stored }) => stored.name);
  const persons = Array.from(
    { length: contacts },
    (_, n) =>
      pick(SURNAMES, n * 13) +
      pick(GIVEN, Math.floor(n / 7)) +
      (n % 4 === 0 ? '' : pick(GIVEN, Math.floor(n / 91))),
  );
  const client = new Client(database);
  await client.connect();
  // Their keys would be made at the same time, and are not what is measured.
  for (const table of ['customer', 'contact'])
    await client.query(`alter table ${table} disable trigger mortise_duplicate_mark`);
  for (let at = 0; at < customers; at += 5000)
    await client.query(
      `with made as (
        insert into customer (id, version, name, customer_code, address, phone, email, customer_type, importance, country,
            created_at, updated_at, is_void, first_review_mark, second_review_mark, registered_on, owner)
          select gen_random_uuid(), 1, name, 'n' || lpad((n + $1)::text, 7, '0'), '人民路' || (n + $1) || '号',
            '0' || (300 + n % 600) || '-8' || lpad((n + $1)::text, 6, '0'), 'office' || (n + $1) || '@example.cn',
            array['potential'], 'n', 'CN', now(), now(), false, 'pending', 'pending', current_date,
            case when (n + $1) % 1000 = 0 then $3::uuid end
          from unnest($2::text[]) with ordinality as given (name, n)
        returning id)
      insert into customer_ext (id) select id from made on conflict do nothing`,
      [at, companies.slice(at, at + 5000), clerk],
    );
  for (let at = 0; at < contacts; at += 5000)
    await client.query(
      `insert into contact (id, version, name, mobile, created_at, updated_at, is_void, owner)
        select gen_random_uuid(), 1, name, '13' || lpad(((n + $1) * 7919 % 1000000000)::text, 9, '0'), now(), now(), false,
          case when (n + $1) % 1000 = 0 then $3::uuid end
        from unnest($2::text[]) with ordinality as given (name, n)`,
      [at, persons.slice(at, at + 5000), clerk],
    );
  await client.query('analyze');
  await client.end();
  return { companies, persons };
}

interface Question {
  readonly q: string;
  readonly expected: string;
}

/** Questions as people type them, in equal parts: pieces, pinyin, initials, numbers, errors, and common words. */
export function questionsFrom(
  { companies, persons }: SearchBase,
  count: number,
  random: Dice,
): readonly Question[] {
  return Array.from({ length: count }, (_, n): Question => {
    const company = random.pick(companies);
    const person = random.pick(persons);
    const characters = Array.from(company);
    const piece = (length: number): string[] => characters.slice(2, 2 + length);
    const sounds = (text: readonly string[]): readonly string[] => soundsOf(text).at(-1) ?? [];
    const at = companies.indexOf(company) + 1;
    switch (n % 10) {
      case 0:
        return { q: piece(2).join(''), expected: company };
      case 1:
        return { q: piece(5).join(''), expected: company };
      case 2:
        return { q: sounds(piece(3)).join(''), expected: company };
      case 3:
        return {
          q: sounds(characters)
            .map((each) => each[0])
            .join('')
            .slice(0, 7),
          expected: company,
        };
      case 4:
        return { q: sounds(Array.from(person)).join(''), expected: person };
      case 5:
        return { q: person, expected: person };
      case 6:
        return { q: `8${String(at).padStart(6, '0')}`, expected: company };
      case 7: {
        const wrong = characters.slice(0, 8);
        wrong.splice(4, 1);
        return { q: wrong.join(''), expected: company };
      }
      case 8:
        return { q: sounds(piece(2)).join('').slice(0, 3), expected: company };
      default:
        return {
          q: random.pick(['有限公司', '成都', 'chengdu', 'yxgs', '食品', 'wang', '李', '138', 'cd', '酒业']),
          expected: '',
        };
    }
  });
}
