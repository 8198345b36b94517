import type { Browser, CDPSession, Page } from 'playwright-core';
import type { Seat } from './stage.ts';

/** What a page has used so far. */
export interface Reading {
  /** CPU of the page's main thread in milliseconds: all tasks, and of them style with layout. */
  readonly cpu: number;
  readonly layout: number;
  /** DOM nodes that exist. */
  readonly nodes: number;
  /** Requests, and their answers as they came over the wire, in kB of 1,000 bytes; without the event stream. */
  readonly requests: number;
  readonly kilobytes: number;
}

/** How smoothly something moved. */
export interface Smoothness {
  readonly frames: number;
  /** Share of the frames of a 60 Hz screen that were not drawn, in percent. */
  readonly dropped: number;
  /** Tasks over 50 ms, and the longest in milliseconds. */
  readonly longTasks: number;
  readonly longest: number;
}

/** A page with a cold cache, watched over the DevTools protocol. */
export interface MeteredPage {
  readonly page: Page;
  read(): Promise<Reading>;
  /** What was used since an earlier reading. */
  since(before: Reading): Promise<Reading>;
  /** JavaScript heap in MB after a collection. */
  heap(): Promise<number>;
  close(): Promise<void>;
}

/** Opens a page that accepts gzip only, as a browser does over plain HTTP in an office network. */
export async function openMetered(browser: Browser, address: string, seat?: Seat): Promise<MeteredPage> {
  const context = await browser.newContext({
    baseURL: address,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    viewport: { width: 1366, height: 820 },
    extraHTTPHeaders: { 'Accept-Encoding': 'gzip' },
  });
  if (seat) await context.addCookies([{ ...seat.cookie, url: address }]);
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  const wire = await watchNetwork(devtools);
  // Thread ticks are CPU, not time: they mean the same on a busy machine.
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });

  const read = async (): Promise<Reading> => {
    const { metrics } = await devtools.send('Performance.getMetrics');
    const of = (name: string): number => metrics.find((each) => each.name === name)?.value ?? Number.NaN;
    return {
      cpu: of('TaskDuration') * 1000,
      layout: (of('LayoutDuration') + of('RecalcStyleDuration')) * 1000,
      nodes: await page.evaluate(() => document.querySelectorAll('*').length),
      requests: wire.requests,
      kilobytes: wire.bytes / 1000,
    };
  };
  return {
    page,
    read,
    async since(before) {
      const now = await read();
      return {
        cpu: now.cpu - before.cpu,
        layout: now.layout - before.layout,
        nodes: now.nodes,
        requests: now.requests - before.requests,
        kilobytes: now.kilobytes - before.kilobytes,
      };
    },
    async heap() {
      await devtools.send('HeapProfiler.collectGarbage');
      const { usedSize } = await devtools.send('Runtime.getHeapUsage');
      return usedSize / 1e6;
    },
    close: () => context.close(),
  };
}

async function watchNetwork(devtools: CDPSession): Promise<{ requests: number; bytes: number }> {
  const wire = { requests: 0, bytes: 0 };
  await devtools.send('Network.enable');
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
    wire.requests += 1;
    wire.bytes += encodedDataLength;
  });
  return wire;
}

/**
 * Moves the scroller of the grid by `step` pixels a frame, `frames` times, and says how smoothly that went. The step
 * is a share of the whole height when it is below 1.
 */
export async function scrollSmoothly(page: Page, step: number, frames: number): Promise<Smoothness> {
  return await page.evaluate(
    async ([each, count]) => {
      const grid = document.querySelector<HTMLElement>('[role=grid]');
      if (!grid) throw new Error('there is no grid');
      const tasks: number[] = [];
      const observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) tasks.push(entry.duration);
      });
      observer.observe({ type: 'longtask' });
      const pixels = each! < 1 ? (grid.scrollHeight - grid.clientHeight) * each! : each!;
      const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const start = await nextFrame();
      for (let frame = 0; frame < count!; frame += 1) {
        grid.scrollTop += pixels;
        await nextFrame();
      }
      const expected = (performance.now() - start) / (1000 / 60);
      await new Promise((resolve) => setTimeout(resolve, 300));
      observer.disconnect();
      return {
        frames: count!,
        dropped: Math.max(0, (1 - count! / expected) * 100),
        longTasks: tasks.length,
        longest: Math.max(0, ...tasks),
      };
    },
    [step, frames],
  );
}
