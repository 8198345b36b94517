import { ADMIN_PASSWORD } from '../e2e/harness/product.ts';
import type { Figure, Screen } from './figures.ts';
import { type MeteredPage, openMetered, type Reading } from './meter.ts';

/** Budget of DESIGN §11 for what has to come over the wire before one can work, in kB gz. */
const FIRST_SCREEN_KB = 450;

function figures(screen: string, used: Reading, budget?: number): Figure[] {
  return [
    {
      screen,
      figure: 'over the wire (gzip)',
      unit: 'kB',
      value: used.kilobytes,
      ...(budget ? { budget } : {}),
    },
    { screen, figure: 'requests', unit: '', value: used.requests },
    { screen, figure: 'CPU', unit: 'ms', value: used.cpu },
    { screen, figure: 'of it style and layout', unit: 'ms', value: used.layout },
  ];
}

/** Everything that was asked for has come. */
const settled = (metered: MeteredPage): Promise<void> => metered.page.waitForTimeout(500);

/** Nobody is signed in: the sign-in screen, then the home screen, from an empty cache. */
export const signInThenHome: Screen = async ({ browser, address }) => {
  const metered = await openMetered(browser, address);
  try {
    const { page } = metered;
    await page.goto('/');
    await page.getByRole('button', { name: '登录', exact: true }).waitFor();
    await settled(metered);
    const atSignIn = await metered.read();
    await page.getByRole('textbox', { name: '用户名' }).fill('admin');
    await page.getByLabel('密码', { exact: true }).fill(ADMIN_PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('menubar').waitFor();
    await settled(metered);
    return [
      ...figures('sign-in screen', atSignIn),
      ...figures('sign-in screen, then home', await metered.read(), FIRST_SCREEN_KB),
    ];
  } finally {
    await metered.close();
  }
};

/** A session exists: the home screen, then the list of customers as a first screen, each from an empty cache. */
export const signedIn: Screen = async ({ browser, address, seat }) => {
  const found: Figure[] = [];
  for (const [screen, path, role] of [
    ['home, signed in', '/', 'menubar'],
    ['list, signed in', '/e/customer', 'gridcell'],
  ] as const) {
    const metered = await openMetered(browser, address, seat);
    await metered.page.goto(path);
    await metered.page.getByRole(role).first().waitFor();
    await settled(metered);
    found.push(...figures(screen, await metered.read(), FIRST_SCREEN_KB));
    await metered.close();
  }
  return found;
};
