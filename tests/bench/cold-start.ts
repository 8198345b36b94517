import { cpuOf } from './drive/cpu.ts';
import { median, medianOf } from './drive/figures.ts';
import { startProduct } from './drive/programs.ts';
import type { ColdStart } from './result.ts';

const STARTS = 3;

/** Starts the product on an existing database, asks once, and stops it; medians of some starts. */
export async function measureColdStart(database: string): Promise<ColdStart> {
  const seconds: number[] = [];
  const cpu: (number | null)[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const from = performance.now();
    const product = await startProduct({ database, profile: null });
    const answer = await fetch(`${product.url}/health/ready`);
    seconds.push((performance.now() - from) / 1000);
    cpu.push(cpuOf(product.pid));
    await product.stop();
    if (!answer.ok) throw new Error(`not ready after the start: ${answer.status}`);
  }
  return { seconds: median(seconds), cpuSeconds: medianOf(cpu) };
}
