import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Person } from './harness/seat.ts';
import { browserSuite } from './harness/suite.ts';
import {
  choiceField,
  choose,
  field,
  heard,
  listRow,
  openMenu,
  press,
  soon,
  statusBar,
} from './harness/window.ts';

const CLOCK = /(?:当前时间:|Current time: )(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/;

browserSuite('the window', (stage) => {
  let clerk: Person;

  beforeAll(async () => {
    clerk = await stage.person('张三', 'employee');
  });

  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
  const columns = async (page: Page): Promise<readonly string[]> =>
    (await page.getByRole('columnheader').allInnerTexts()).map((each) => each.trim()).filter(Boolean);
  const openScreens = async (page: Page): Promise<readonly string[]> => {
    const buttons = page.getByRole('navigation', { name: '打开的窗口' }).getByRole('button');
    return (await buttons.allInnerTexts()).map((each) => each.trim()).filter(Boolean);
  };

  describe.each(['zh-CN', 'en'] as const)('in %s', (locale) => {
    it('WS-02, FM-04 refuses a wrong password, lets in with the right one, goes where one wanted to go, and signs out', async () => {
      // Somebody who has set no language gets that of the browser.
      const person = await stage.person('新人', 'employee');
      const seat = await stage.openSeat({ locale });
      const { page, say } = seat;
      seat.expectStatus(401);
      await page.goto('/e/contact');
      await soon(() => statusBar(page).innerText()).toContain(say('CRM:登录系统', 'CRM:Sign in'));
      expect(await statusBar(page).innerText()).toMatch(CLOCK);

      await field(page, say('用户名', 'User name')).fill(person.username);
      const password = page.getByLabel(say('密码', 'Password'), { exact: true });
      await password.fill('not the password');
      await press(page, say('登录', 'Sign in'));
      await heard(page, say('用户名或密码不正确', 'The user name or the password is wrong'));
      expect(await password.inputValue()).toBe('');
      expect(await field(page, say('用户名', 'User name')).inputValue()).toBe(person.username);

      await password.fill(person.password);
      await password.press('Enter');
      await page.getByRole('heading', { name: say('联系人', 'Contacts'), exact: true }).waitFor();

      await openMenu(page, say('文件管理', 'File'), say('退出系统', 'Sign out'));
      await page.getByRole('heading', { name: say('已退出系统', 'You have signed out') }).waitFor();
      await page.goto('/e/contact');
      await field(page, say('用户名', 'User name')).waitFor();
    });

    it('UI-01, UI-02 says where one is, who one is, and what time it is', async () => {
      const { page, say } = await stage.seat(clerk, { locale });
      await openMenu(
        page,
        say('客户档案', 'Customer file'),
        say('客户库', 'Customer base'),
        say('新建企业客户', 'New customer'),
      );
      await soon(() => statusBar(page).innerText()).toContain(
        say('CRM:客户档案|新建客户', 'CRM:Customer file|New customer'),
      );
      const bar = await statusBar(page).innerText();
      expect(bar).toContain(`张三 / ${say('企业员工', 'Employee')}`);
      const [, time = ''] = CLOCK.exec(bar) ?? [];
      expect(Math.abs(Date.parse(`${time.replace(' ', 'T')}+08:00`) - Date.now())).toBeLessThan(60_000);
      await soon(async () => CLOCK.exec(await statusBar(page).innerText())?.[1]).not.toBe(time);
      expect(await page.title()).toBe(say('新建客户 · 榫卯CRM', 'New customer · Mortise CRM'));
    });

    it('UI-08 enters a customer by the keyboard alone', async () => {
      const { page, say } = await stage.seat(clerk, { locale });
      const name = locale === 'en' ? '按键食品' : '键盘酒业';
      for (let steps = 0; steps < 20; steps += 1) {
        if ((await focused(page)) === say('文件管理', 'File')) break;
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      expect(await focused(page)).toBe(say('客户档案', 'Customer file'));
      await page.keyboard.press('ArrowDown');
      await soon(() => focused(page)).toBe(say('客户库', 'Customer base'));
      await page.keyboard.press('ArrowRight');
      await soon(() => focused(page)).toBe(say('新建企业客户', 'New customer'));
      await page.keyboard.press('Enter');
      await field(page, say('企业名称', 'Company name')).waitFor();
      // The form puts the cursor into its first field.
      await page.keyboard.type(name);
      expect(await field(page, say('企业名称', 'Company name')).inputValue()).toBe(name);
      await page.keyboard.press('Control+s');
      await heard(page, say('客户已保存', 'Customer saved'));
      await page.getByRole('heading', { name, exact: true }).waitFor();
      expect(await stage.api().find('customer', { name })).toHaveLength(1);
    });
  });

  it('UI-10 shows a screen that is open already in its tab, and keeps what was typed in the others', async () => {
    const { page } = await stage.seat(clerk, { locale: 'zh-CN' });
    await openMenu(page, '客户档案', '客户库', '新建联系人');
    await field(page, '联系人姓名').fill('还没有保存的人');
    await openMenu(page, '客户档案', '信息库', '客户信息管理');
    await page.getByRole('heading', { name: '客户', exact: true }).waitFor();
    await openMenu(page, '客户档案', '信息库', '联系人信息');
    await openMenu(page, '客户档案', '信息库', '客户信息管理');
    await openMenu(page, '客户档案', '客户库', '新建联系人');
    expect(await field(page, '联系人姓名').inputValue()).toBe('还没有保存的人');
    expect(await openScreens(page)).toEqual(['我的信息', '新建联系人', '客户', '联系人']);
  });

  it('QRY-04, DM-USR-05 sorts, filters and arranges a list; sort and columns are kept over a reload', async () => {
    for (const [name, importance] of [
      ['B某排序酒业', 'i'],
      ['A某排序酒业', 'n'],
      ['C某排序酒业', 'i'],
    ])
      await stage.api().create('customer', { name, importance });
    const { page } = await stage.seat(clerk, { locale: 'zh-CN' }, '/e/customer');
    const shown = async (): Promise<readonly string[]> =>
      (await page.getByRole('grid').getByRole('row').allInnerTexts()).flatMap(
        (each) => /.某排序酒业/.exec(each) ?? [],
      );

    await page.getByRole('columnheader', { name: '企业名称' }).click();
    await soon(shown).toEqual(['A某排序酒业', 'B某排序酒业', 'C某排序酒业']);
    await page.getByRole('columnheader', { name: '企业名称' }).click();
    await soon(shown).toEqual(['C某排序酒业', 'B某排序酒业', 'A某排序酒业']);

    await press(page, '选择列');
    const dialog = page.getByRole('dialog', { name: '选择列' });
    await dialog.getByText('所在省份', { exact: true }).click();
    await dialog.getByText('详细地址', { exact: true }).click();
    await press(dialog, '应用');
    await soon(() => columns(page)).toContain('详细地址');
    const chosen = await columns(page);
    expect(chosen).not.toContain('所在省份');

    await page.reload();
    await soon(shown).toEqual(['C某排序酒业', 'B某排序酒业', 'A某排序酒业']);
    expect(await columns(page)).toEqual(chosen);
    expect(await page.getByRole('columnheader', { name: '企业名称' }).getAttribute('aria-sort')).toBe(
      'descending',
    );

    await choose(page, choiceField(page, '重要等级'), '重要');
    await soon(shown).toEqual(['C某排序酒业', 'B某排序酒业']);
    await page.getByRole('searchbox', { name: '搜索' }).fill('C某');
    await soon(shown).toEqual(['C某排序酒业']);
    await press(page, '清除条件');
    await soon(shown).toHaveLength(3);
    await listRow(page, 'A某排序酒业').getByText('A某排序酒业').click();
    await page.getByRole('heading', { name: 'A某排序酒业', exact: true }).waitFor();
  });

  it('DM-USR-05, I18N-01 keeps theme and language with the person', async () => {
    const person = await stage.person('李四', 'employee');
    const { page } = await stage.seat(person, { locale: 'zh-CN' });
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await press(page, '使用深色主题');
    await page.getByRole('button', { name: '使用浅色主题' }).waitFor();
    await soon(background).not.toBe(light);
    const dark = await background();

    await page.getByRole('button', { name: '语言 中文' }).click();
    await page.getByRole('menuitem', { name: 'English', exact: true }).click();
    await page.getByRole('menubar', { name: 'Main menu' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await page.reload();
    await page.getByRole('menuitem', { name: 'Customer file' }).waitFor();
    expect(await background()).toBe(dark);

    // At another browser as well: the settings belong to the person.
    const elsewhere = await stage.openSeat({ locale: 'zh-CN' });
    await elsewhere.page.goto('/');
    await field(elsewhere.page, '用户名').fill(person.username);
    await elsewhere.page.getByLabel('密码', { exact: true }).fill(person.password);
    await press(elsewhere.page, '登录');
    await elsewhere.page.getByRole('menuitem', { name: 'Customer file' }).waitFor();
  });
});
