/**
 * Loaded into the server's own process with `--import`, before anything of the product: lets the harness move the clock,
 * arm a failpoint and read the memory over the channel of the parent. The product knows nothing of it.
 */
import { armFailpoint, parseFailpoint } from '../../core/src/store/failpoint.ts';
import type { Order, Reply } from './orders.ts';

const RealDate = Date;
let offset = 0;

class MovedDate extends RealDate {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(RealDate.now() + offset);
    else super(...(given as [number]));
  }

  static override now(): number {
    return RealDate.now() + offset;
  }
}

function moveClock(by: number): void {
  offset = by;
  globalThis.Date = by === 0 ? RealDate : (MovedDate as DateConstructor);
}

// A server may also be started with a clock that is ahead.
if (process.env['TORTURE_CLOCK']) moveClock(Number(process.env['TORTURE_CLOCK']));

function obey(order: Order): Reply {
  if (order.clock !== undefined) moveClock(order.clock);
  if (order.arm !== undefined) armFailpoint(parseFailpoint(order.arm));
  if (order.memory) for (let time = 0; time < 3; time += 1) globalThis.gc?.();
  const { heapUsed, rss, external } = process.memoryUsage();
  return { number: order.number, heapUsed, rss, external };
}

process.on('message', (order: Order) => process.send?.(obey(order)));
// The channel must not keep a server alive that has been asked to stop.
process.channel?.unref();
