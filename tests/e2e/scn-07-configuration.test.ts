import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { signIn } from './harness/api.ts';
import type { Person, Seat } from './harness/seat.ts';
import { browserSuite } from './harness/suite.ts';
import { choiceField, choose, field, heard, listRow, openMenu, press, soon } from './harness/window.ts';

/** What the administrator adds, other names in each language because both runs share one installation. */
const ADDED = {
  'zh-CN': {
    field: { 'zh-CN': '微信号', en: 'Weixin number', name: 'weixin_number' },
    region: { 'zh-CN': '粤港澳大湾区', en: 'Greater Bay Area' },
    industry: { 'zh-CN': '预制菜', en: 'Ready meals' },
  },
  en: {
    field: { 'zh-CN': '微信账号', en: 'WeChat', name: 'wechat' },
    region: { 'zh-CN': '长三角', en: 'Yangtze Delta' },
    industry: { 'zh-CN': '植物肉', en: 'Plant-based meat' },
  },
} as const;

const IN_CHINESE = /^(名称.中文.|Label \(Chinese\))$/;
const IN_ENGLISH = /^(名称.英文.|Label \(English\))$/;

browserSuite('SCN-07: an administrator extends the system while a clerk works', (stage) => {
  let clerk: Person;

  beforeAll(async () => {
    clerk = await stage.person('李录入', 'circulation_clerk');
  });

  /** Looks at the plan, then applies it. */
  async function reviewAndApply({ page, say }: Seat, expected: string): Promise<void> {
    await press(page, say('预览变更', 'Preview change'));
    const review = page
      .getByRole('dialog')
      .filter({ has: page.getByRole('button', { name: say('应用', 'Apply'), exact: true }) });
    await review.getByRole('listitem').filter({ hasText: expected }).first().waitFor();
    await press(review, say('应用', 'Apply'));
    await heard(page, say('已生效', 'In effect'));
  }

  async function addField(seat: Seat, added: (typeof ADDED)['en' | 'zh-CN']['field']): Promise<void> {
    const { page, say } = seat;
    await openMenu(
      page,
      say('系统设置', 'Settings'),
      say('元数据', 'Metadata'),
      say('实体与字段', 'Entities and fields'),
    );
    await page
      .getByRole('list', { name: say('实体', 'Entities'), exact: true })
      .getByRole('button', { name: say('联系人', 'Contact'), exact: true })
      .click();
    await page.getByRole('heading', { name: /^(联系人|Contact)\s*contact/ }).waitFor();
    await press(page, say('添加字段', 'Add field'));
    const drawer = page.getByRole('dialog', { name: say('添加字段 · 联系人', 'Add field · Contact') });
    await drawer.getByRole('radio', { name: say('一行文字', 'One line') }).click();
    await field(drawer, IN_CHINESE).fill(added['zh-CN']);
    await field(drawer, IN_ENGLISH).fill(added.en);
    expect(await field(drawer, say('内部名称', 'Internal name')).inputValue()).toBe(added.name);
    await field(drawer, say('最多字符数', 'Most characters')).fill('50');
    await drawer.getByText(say('联系人', 'Contacts'), { exact: true }).last().click();
    await reviewAndApply({ ...seat, page }, added[seat.locale]);
  }

  async function addValue(
    { page, say, ...seat }: Seat,
    label: { readonly 'zh-CN': string; readonly en: string },
    open: string,
  ): Promise<void> {
    await press(page, open);
    const drawer = page
      .getByRole('dialog')
      .filter({ has: page.getByRole('button', { name: say('确定', 'OK'), exact: true }) });
    await field(drawer, IN_CHINESE).fill(label['zh-CN']);
    await field(drawer, IN_ENGLISH).fill(label.en);
    await press(drawer, say('确定', 'OK'));
    await reviewAndApply({ page, say, ...seat }, label[seat.locale]);
  }

  /** Opens the query dialog of a list and asks for one condition. */
  async function query(
    { page, say }: Seat,
    name: string,
    fill: (page: Page) => Promise<void>,
  ): Promise<void> {
    await press(page, say('查询与报告', 'Query and report'));
    const dialog = page.getByRole('dialog', { name: /查询与报告|Query and report/ });
    await choose(page, choiceField(dialog, say('字段', 'Field')), name);
    await fill(page);
    await press(dialog, say('查询', 'Query'));
  }

  it.each(['zh-CN', 'en'] as const)(
    'SCN-07, ENG-02, DICT-00 in %s: a field, a value and a node are used at once in form, query and print, and survive a restart',
    async (locale) => {
      const added = ADDED[locale];
      const wechat = added.field[locale];
      const industry = added.industry[locale];
      const region = added.region[locale];
      const company = locale === 'en' ? '改名化工' : '配置测试食品';
      const person = `周小配 ${locale}`;

      // The clerk is at work: two forms half filled.
      const desk = await stage.seat(clerk, { locale });
      const { page, say } = desk;
      const newCustomer = [
        say('客户档案', 'Customer file'),
        say('客户库', 'Customer base'),
        say('新建企业客户', 'New customer'),
      ];
      const newContact = [
        say('客户档案', 'Customer file'),
        say('客户库', 'Customer base'),
        say('新建联系人', 'New contact'),
      ];
      await openMenu(page, ...newCustomer);
      await field(page, say('企业名称', 'Company name')).fill(company);
      await page.getByRole('tab', { name: say('客户特征', 'Customer traits') }).click();
      await openMenu(page, ...newContact);
      await field(page, say('联系人姓名', 'Name')).fill(person);

      const office = await stage.seat(stage.administrator, { locale });
      await addField(office, added.field);
      await openMenu(
        office.page,
        say('系统设置', 'Settings'),
        say('元数据', 'Metadata'),
        say('字典', 'Dictionaries'),
      );
      await office.page
        .getByRole('list', { name: say('字典', 'Dictionaries'), exact: true })
        .getByRole('button', { name: say('目标经营区域', 'Target region'), exact: true })
        .click();
      await office.page.getByRole('heading', { name: /target_region/ }).waitFor();
      await addValue(office, added.region, say('添加值', 'Add value'));
      await openMenu(
        office.page,
        say('系统设置', 'Settings'),
        say('使用工具', 'Tools'),
        say('信息工具', 'Information tools'),
        say('行业设置', 'Industry classification'),
      );
      await office.page.getByRole('heading', { name: /\bindustry\b/ }).waitFor();
      await addValue(office, added.industry, say('在“相关行业”下添加', 'Add below “Related industries”'));

      // The clerk's forms have all three, without a reload; what was typed is still there.
      await field(page, wechat).waitFor();
      expect(await field(page, say('联系人姓名', 'Name')).inputValue()).toBe(person);
      await openMenu(page, ...newCustomer);
      await choose(page, choiceField(page, say('行业', 'Industry')), industry);
      await choose(page, choiceField(page, say('目标经营区域', 'Target regions')), region);
      await page.getByRole('tab', { name: say('基本信息', 'Basic information') }).click();
      expect(await field(page, say('企业名称', 'Company name')).inputValue()).toBe(company);
      await press(page, say('保存', 'Save'));
      await heard(page, say('客户已保存', 'Customer saved'));

      await openMenu(page, ...newContact);
      await choose(page, choiceField(page, say('客户', 'Customer')), company);
      await field(page, wechat).fill('zhou-wx-2026');
      await press(page, say('保存', 'Save'));
      await heard(page, say('联系人已保存', 'Contact saved'));

      // Query by each of them.
      const customers = [
        say('客户档案', 'Customer file'),
        say('信息库', 'Information base'),
        say('客户信息管理', 'Customers'),
      ];
      await stage.api().create('customer', { name: `别的行业的客户 ${locale}`, industry: 'IND.PT' });
      await openMenu(page, ...customers);
      await listRow(page, '别的行业的客户').first().waitFor();
      await choose(page, choiceField(page, say('行业', 'Industry')), industry);
      await listRow(page, '别的行业的客户').first().waitFor({ state: 'detached' });
      await listRow(page, company).waitFor();
      await press(page, say('清除条件', 'Clear conditions'));
      await listRow(page, '别的行业的客户').first().waitFor();
      await query(desk, say('目标经营区域', 'Target regions'), () =>
        choose(page, choiceField(page, say('值', 'Value')), region),
      );
      await listRow(page, '别的行业的客户').first().waitFor({ state: 'detached' });
      await listRow(page, company).waitFor();

      await openMenu(
        page,
        say('客户档案', 'Customer file'),
        say('信息库', 'Information base'),
        say('联系人信息', 'Contacts'),
      );
      await page.getByRole('columnheader', { name: wechat, exact: true }).waitFor();
      await query(desk, wechat, () => field(page, say('值', 'Value')).fill('wx-2026'));
      const row = listRow(page, person);
      await row.waitFor();
      expect(await row.innerText()).toContain('zhou-wx-2026');

      // The printed list, on the screen and as PDF.
      await press(page, say('打印', 'Print'));
      const frame = page.frameLocator(`iframe[title="${say('打印预览', 'Print preview')}"]`);
      await frame.getByText('zhou-wx-2026').waitFor();
      await frame.getByText(wechat, { exact: true }).waitFor();
      await frame.getByText(person).waitFor();
      const api = await signIn(stage.address(), clerk.username, clerk.password);
      const pdf = await api.bytes('print', {
        template: 'common.list',
        entity: 'contact',
        filter: { name: person },
        fields: ['name', added.field.name],
        format: 'pdf',
      });
      expect(pdf.status).toBe(200);
      expect(pdf.content.subarray(0, 5).toString('latin1')).toBe('%PDF-');

      await stage.restart();
      const later = await stage.seat(clerk, { locale }, '/e/contact');
      await later.page.getByRole('columnheader', { name: wechat, exact: true }).waitFor();
      await listRow(later.page, 'zhou-wx-2026').filter({ hasText: person }).getByText(person).click();
      await soon(() => field(later.page, wechat).inputValue()).toBe('zhou-wx-2026');
      await openMenu(later.page, ...customers);
      await listRow(later.page, company).getByText(company).click();
      await later.page.getByRole('tab', { name: say('客户特征', 'Customer traits') }).click();
      await later.page.getByRole('tabpanel').getByText(industry).first().waitFor();
      await later.page.getByRole('tabpanel').getByText(region).first().waitFor();
    },
  );
});
