import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person, Seat } from './harness/seat.ts';
import { browserSuite } from './harness/suite.ts';
import { field, heard, press, soon } from './harness/window.ts';

browserSuite('a record that is edited', (stage) => {
  let clerk: Person;
  let manager: Person;
  let customer: string;

  beforeAll(async () => {
    clerk = await stage.person('张三', 'employee');
    manager = await stage.person('王经理', 'department_manager');
  });

  beforeEach(async () => {
    const made = await stage
      .api()
      .create('customer', { name: '成都两人酒业有限公司', phone: '028-10000000', owner: clerk.id });
    customer = String(made['id']);
  });

  const open = async (person: Person, locale: 'zh-CN' | 'en' = 'zh-CN'): Promise<Seat> => {
    const seat = await stage.seat(person, { locale }, `/e/customer/${customer}`);
    await field(seat.page, seat.say('企业名称', 'Company name')).waitFor();
    return seat;
  };

  describe.each(['zh-CN', 'en'] as const)('in %s', (locale) => {
    it('DM-COM-14 shows in its history what was there before and what is there now', async () => {
      const { page, say } = await open(clerk, locale);
      await field(page, say('电话', 'Telephone')).fill('028-22222222');
      await press(page, say('保存', 'Save'));
      await heard(page, say('客户已保存', 'Customer saved'));
      await page.getByRole('tab', { name: say('修改历史', 'History') }).click();
      const change = page
        .getByRole('tabpanel')
        .getByRole('listitem')
        .filter({ hasText: '028-22222222' })
        .first();
      const text = (await change.innerText()).replaceAll(/\s+/g, ' ');
      expect(text).toContain(`${say('电话', 'Telephone')} 028-10000000 → 028-22222222`);
      expect(text).toContain('张三');
    });

    it('ENG-16 asks field by field when two people changed the same', async () => {
      const mine = await open(clerk, locale);
      const theirs = await open(manager);
      mine.expectStatus(409);
      const { page, say } = mine;
      await field(page, say('电话', 'Telephone')).fill('028-33333333');
      await field(theirs.page, '电话').fill('028-44444444');
      await press(theirs.page, '保存');
      await heard(theirs.page, '客户已保存');
      await page
        .getByText(say('其他人刚刚保存了此记录的新版本', 'Somebody has just saved a newer version'))
        .waitFor();
      await press(page, say('保存', 'Save'));

      const dialog = page.getByRole('dialog', {
        name: say('记录已被他人修改', 'Somebody else changed this record'),
      });
      const choice = dialog.getByRole('radiogroup', { name: say('电话', 'Telephone'), exact: true });
      expect(await choice.getByRole('radio', { name: '028-33333333' }).isChecked()).toBe(true);
      expect(await choice.getByRole('radio', { name: '028-44444444' }).isChecked()).toBe(false);
      expect((await stage.api().read('customer', customer))['phone']).toBe('028-44444444');
      await press(dialog, say('按所选保存', 'Save this choice'));
      await heard(page, say('客户已保存', 'Customer saved'));
      expect((await stage.api().read('customer', customer))['phone']).toBe('028-33333333');
    });
  });

  it('DM-CONT, DICT-14 keeps the position of a contact apart from the position of a line: empty, chosen, noted, sorted', async () => {
    const api = stage.api();
    const made = await api.create('contact', { name: '职位甲', customer });
    expect(made['position']).toBeNull();
    const other = await api.create('contact', { name: '职位乙', customer, position: 'chairman' });
    await api.update('contact', String(made['id']), { position: 'general_manager' });
    const { body } = await api.send<{ items: readonly { changes: unknown }[] }>(
      'GET',
      `records/contact/${String(made['id'])}/history`,
    );
    expect(body.items[0]?.changes).toMatchObject({ position: { old: null, new: 'general_manager' } });
    await api.update('contact', String(made['id']), { position: null });
    const sorted = await api.send<{ items: readonly { id: string }[] }>(
      'GET',
      `records/contact?sort=position&filter=${encodeURIComponent(JSON.stringify({ customer }))}`,
    );
    expect(sorted.body.items.map(({ id }) => id)).toEqual([other['id'], made['id']]);
  });

  it('ENG-16 takes both changes without asking when two people changed different fields', async () => {
    const { page } = await open(clerk);
    await field(page, '邮编').fill('610000');
    await stage.api().update('customer', customer, { fax: '028-55555555' });
    await press(page, '保存');
    await heard(page, '客户已保存');
    expect(await stage.api().read('customer', customer)).toMatchObject({
      fax: '028-55555555',
      postcode: '610000',
    });
    expect(await field(page, '传真').inputValue()).toBe('028-55555555');
  });

  it('ENG-16 shows a change of somebody else at once where nothing was typed', async () => {
    const { page } = await open(clerk);
    await stage.api().update('customer', customer, { fax: '028-66666666' });
    await soon(() => field(page, '传真').inputValue()).toBe('028-66666666');
    expect(await page.getByText('其他人刚刚保存了此记录的新版本').count()).toBe(0);
  });

  it('FM-05 warns before a tab with unsaved changes is closed, and before signing out', async () => {
    const { page } = await open(clerk);
    await field(page, '邮编').fill('610001');
    await press(page, '关闭 成都两人酒业有限公司');
    const box = page.getByRole('dialog', { name: '请确认' });
    await box.getByText('“成都两人酒业有限公司”有未保存的修改，关闭将丢失。').waitFor();
    await press(box, '取消');
    expect(await field(page, '邮编').inputValue()).toBe('610001');

    await page.getByRole('button', { name: /^张三 企业员工/ }).click();
    await page.getByRole('menuitem', { name: '退出系统', exact: true }).click();
    await box.getByText('还有未保存的修改，离开将丢失。').waitFor();
    await press(box, '取消');
    expect(await field(page, '邮编').inputValue()).toBe('610001');

    await press(page, '关闭 成都两人酒业有限公司');
    await press(box, '放弃修改');
    await page.getByRole('button', { name: '关闭 成都两人酒业有限公司' }).waitFor({ state: 'detached' });
    expect((await stage.api().read('customer', customer))['postcode']).toBeNull();
  });

  it('FM-05 lets the browser ask before the page is left with unsaved changes', async () => {
    const { page } = await open(clerk);
    await field(page, '邮编').fill('610002');
    const asked = page.waitForEvent('dialog');
    const left = page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    await left;
    expect(await field(page, '邮编').inputValue()).toBe('610002');
  });

  it('UI-09 puts a refusal of the server at its field, on the tab where the field is', async () => {
    const { page } = await open(clerk);
    await field(page, '电子邮件').fill('no address');
    await field(page, '企业名称').fill('');
    await press(page, '保存');
    const name = field(page, '企业名称');
    await soon(() => name.getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator(`[id="${await name.getAttribute('aria-describedby')}"]`).innerText()).toBe(
      '此项必填',
    );
    expect(await field(page, '电子邮件').getAttribute('aria-invalid')).toBe('true');
    expect(await name.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.getByRole('tab', { name: /基本信息/ }).innerText()).toMatch(/2/);
    expect((await stage.api().read('customer', customer))['name']).toBe('成都两人酒业有限公司');
  });
});
