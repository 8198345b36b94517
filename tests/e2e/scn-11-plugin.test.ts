import { afterAll, beforeAll, expect, it } from 'vitest';
import { signIn } from './harness/api.ts';
import type { Person } from './harness/seat.ts';
import { browserSuite } from './harness/suite.ts';
import { field, heard, listRow, menuLabels, openMenu, press, soon } from './harness/window.ts';

const ENTITIES = ['ad_order', 'ad_service', 'media_record'];

browserSuite('SCN-11: the advertising plugin is disabled and enabled while people work', (stage) => {
  let clerk: Person;
  let order: string;
  let number: string;

  beforeAll(async () => {
    clerk = await stage.person('张三', 'employee');
    const api = stage.api();
    const customer = await api.create('customer', { name: '成都某某酒业有限公司', owner: clerk.id });
    const service = await api.create('ad_service', { service_type: 'outdoor', price: '8000' });
    const made = await api.create('ad_order', {
      customer: customer['id'],
      owner: clerk.id,
      lines: [{ ad_service: service['id'], quantity: '2' }],
    });
    order = String(made['id']);
    number = String((await api.read('ad_order', order))['order_no']);
  });

  afterAll(async () => {
    if (!(await stage.api().isEnabled('advertising'))) await stage.api().setPlugin('advertising', true);
  });

  it.each(['zh-CN', 'en'] as const)(
    'SCN-11, PLG-03 in %s: menus gone, data kept, the base works; then all is back',
    async (locale) => {
      const api = await signIn(stage.address(), clerk.username, clerk.password);
      const seat = await stage.seat(clerk, { locale });
      const { page, say } = seat;
      const advertising = [
        say('广告订单管理', 'Advertising'),
        say('媒体报道/广告记录', 'Media reports and advertisements'),
      ];
      expect(await menuLabels(page)).toEqual(expect.arrayContaining(advertising));
      const before = await stage.api().read('ad_order', order, 'lines');

      // Somebody else is in the middle of a form.
      await openMenu(
        page,
        say('客户档案', 'Customer file'),
        say('客户库', 'Customer base'),
        say('新建企业客户', 'New customer'),
      );
      const name = locale === 'en' ? '关闭期间化工' : '停用时录入的酒业';
      await field(page, say('企业名称', 'Company name')).fill(name);

      const office = await stage.seat(stage.administrator, { locale });
      await openMenu(office.page, say('系统设置', 'Settings'), say('插件', 'Plugins'));
      const card = office.page
        .getByRole('listitem')
        .filter({ has: office.page.getByRole('heading', { name: say('广告', 'Advertising') }) });
      await press(card, say('停用', 'Disable'));
      await press(
        office.page.getByRole('dialog', { name: say('请确认', 'Please confirm') }),
        say('停用', 'Disable'),
      );
      await heard(office.page, say('“广告”已停用', '“Advertising” is disabled'));
      await card.getByText(say('已停用', 'Disabled'), { exact: true }).waitFor();

      // The clerk's menus follow without a reload, and nothing typed is lost.
      await soon(() => menuLabels(page)).not.toEqual(expect.arrayContaining([advertising[0]]));
      expect(await menuLabels(page)).not.toEqual(expect.arrayContaining([advertising[1]]));
      expect(await field(page, say('企业名称', 'Company name')).inputValue()).toBe(name);
      for (const entity of ENTITIES)
        expect((await api.send('GET', `records/${entity}`)).status, entity).toBe(404);
      expect((await api.send('GET', `records/ad_order/${order}`)).status).toBe(404);
      expect((await api.send('POST', 'records/ad_order', {})).status).toBe(404);

      // The base goes on: the form is saved, the list shows it.
      await press(page, say('保存', 'Save'));
      await heard(page, say('客户已保存', 'Customer saved'));
      await soon(() => page.getByRole('tab', { name: say('联系人', 'Contacts'), exact: true }).count()).toBe(
        1,
      );
      expect(await page.getByRole('tab', { name: say('广告订单', 'Advertising orders') }).count()).toBe(0);
      await openMenu(
        page,
        say('客户档案', 'Customer file'),
        say('信息库', 'Information base'),
        say('客户信息管理', 'Customers'),
      );
      await listRow(page, name).waitFor();

      await press(card, say('启用', 'Enable'));
      await press(
        office.page.getByRole('dialog', { name: say('请确认', 'Please confirm') }),
        say('启用', 'Enable'),
      );
      await heard(office.page, say('“广告”已启用', '“Advertising” is enabled'));
      await soon(() => menuLabels(page)).toEqual(expect.arrayContaining(advertising));
      await openMenu(
        page,
        say('事务管理', 'Affairs'),
        advertising[0] ?? '',
        say('订单管理', 'Orders'),
        say('广告订单', 'Advertising orders'),
      );
      await listRow(page, number).waitFor();
      expect(await stage.api().read('ad_order', order, 'lines')).toEqual(before);
    },
  );
});
