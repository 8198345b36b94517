import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type { Person } from './harness/seat.ts';
import { browserSuite } from './harness/suite.ts';
import { choiceField, choose, field, heard, listRow, openMenu, press, soon } from './harness/window.ts';

browserSuite('SCN-04: an advertising order from the rate card', (stage) => {
  let seller: Person;

  beforeAll(async () => {
    seller = await stage.person('张三', 'employee');
    // 半月刊 · 白酒版 · 1/2 · 彩色
    await stage.api().create('ad_service', {
      service_type: 'inside_page',
      edition: 'baijiu',
      size: 'half',
      colour: 'full_color',
      price: '8000.00',
    });
    await stage
      .api()
      .create('ad_service', { service_type: 'outdoor', name: '户外大牌 Billboard', price: '333.33' });
  });

  /** The text of a cell of a line, by the label of its column. */
  async function cell(page: Page, line: number, label: string): Promise<string> {
    const table = page.getByRole('tabpanel').getByRole('table').first();
    const headings = (await table.getByRole('columnheader').allInnerTexts()).map((each) =>
      each.replace('*', '').trim(),
    );
    const row = table.getByRole('row').nth(line + 1);
    const found = row.getByRole('cell').nth(headings.indexOf(label));
    const input = found.getByRole('textbox');
    return (await input.count()) > 0 ? await input.first().inputValue() : (await found.innerText()).trim();
  }

  it.each(['zh-CN', 'en'] as const)(
    'SCN-04, ADV-04 in %s: prices the lines, totals to the cent, explains, numbers and lists',
    async (locale) => {
      const customer = `泸州某某酒业 ${locale}`;
      await stage.api().create('customer', { name: customer, owner: seller.id });
      const seat = await stage.seat(seller, { locale });
      const { page, say } = seat;
      const label = {
        service: say('广告服务项目', 'Advertising service'),
        quantity: say('数量', 'Quantity'),
        discount: say('折扣', 'Discount'),
        amount: say('金额', 'Amount'),
        unit: say('单价', 'Unit price'),
        note: say('价格说明', 'How the price came about'),
      };
      await openMenu(
        page,
        say('事务管理', 'Affairs'),
        say('广告订单管理', 'Advertising'),
        say('订单管理', 'Orders'),
        say('广告订单', 'Advertising orders'),
      );
      await press(page, say('新加', 'Add'));
      await choose(page, choiceField(page, say('广告客户', 'Advertiser')), customer);
      await press(page, say('加一行', 'Add a line'));
      await press(page, say('加一行', 'Add a line'));
      await choose(page, choiceField(page, `${label.service} 1`), say('白酒版', '白酒版'));
      await field(page, `${label.quantity} 1`).fill('2');
      await field(page, `${label.discount} 1`).fill('0.85');
      await choose(page, choiceField(page, `${label.service} 2`), 'Billboard');
      await field(page, `${label.quantity} 2`).fill('-3');

      // A wrong line is refused at its field; nothing is stored.
      seat.expectStatus(422);
      await press(page, say('保存', 'Save'));
      const wrong = field(page, `${label.quantity} 2`);
      await soon(() => wrong.getAttribute('aria-invalid')).toBe('true');
      expect(await field(page, `${label.quantity} 1`).getAttribute('aria-invalid')).not.toBe('true');
      expect(await wrong.evaluate((element) => element === document.activeElement)).toBe(true);
      expect(
        await stage.api().find('ad_order', { owner: seller.id, 'customer.name': customer }),
      ).toHaveLength(0);

      await wrong.fill('3');
      await press(page, say('保存', 'Save'));
      await heard(page, say('广告订单已保存', 'Advertising order saved'));
      await page.getByRole('heading', { name: /^AD2026\d{5}$/ }).waitFor();
      const number = await page.getByRole('heading', { name: /^AD2026\d{5}$/ }).innerText();

      // 8000.00 × 2 × 0.85 = 13600.00 and 333.33 × 3 = 999.99, in all 14599.99.
      await soon(() => cell(page, 0, label.amount)).toBe('13,600.00');
      expect(await cell(page, 0, label.unit)).toBe('8,000.00');
      expect(await cell(page, 0, label.note)).toBe('刊例价 8000.00 × 2 × 0.85');
      expect(await cell(page, 1, label.amount)).toBe('999.99');
      expect(
        await page
          .getByRole('textbox', { name: say('合同金额', 'Contract amount'), exact: true })
          .innerText(),
      ).toContain('14,599.99');

      await openMenu(
        page,
        say('事务管理', 'Affairs'),
        say('广告订单管理', 'Advertising'),
        say('订单管理', 'Orders'),
        say('广告订单', 'Advertising orders'),
      );
      const row = listRow(page, number);
      await row.waitFor();
      expect(await row.innerText()).toContain(customer);
      expect(await row.innerText()).toContain('14,599.99');

      const [stored] = await stage.api().find('ad_order', { order_no: number }, 'id,contract_amount');
      const order = await stage.api().read('ad_order', String(stored?.['id']), 'lines');
      expect(order).toMatchObject({
        contract_amount: '14599.99',
        lines: [{ amount: '13600.00' }, { amount: '999.99' }],
      });
    },
  );
});
