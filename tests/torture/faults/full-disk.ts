import { execFile, spawnSync } from 'node:child_process';
import { chown, mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Bench, createBench } from '../bench.ts';
import { BOTH, type Fault, type Shown } from '../fault.ts';
import { startLoad } from '../load.ts';
import { DiedAtStart } from '../server.ts';

const run = promisify(execFile);
const SIZE = '260m';

/** A disk of its own that runs full under load, and has room again. */
export const fullDisk: Fault = {
  name: 'full-disk',
  title: 'Full disk, then room again',
  engines: BOTH,
  short: false,
  async run(outer, seed) {
    const folder = await mkdtemp(join(tmpdir(), 'mortise-full-'));
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', folder]);
    } catch (error) {
      await rm(folder, { recursive: true });
      return {
        figures: '',
        faults: [],
        skipped: `no tmpfs can be mounted: ${(error as Error).message.trim()}`,
      };
    }
    let stopCluster = (): void => {};
    // Also when the run is broken off: neither the mount nor the server ends with this process.
    const atExit = (): void => {
      stopCluster();
      spawnSync('umount', ['-l', folder]);
    };
    process.once('exit', atExit);
    try {
      let bench: Bench;
      if (outer.engine === 'pglite')
        bench = await createBench('pglite', outer.options, { folder: join(folder, 'data') });
      else {
        const cluster = await startCluster(join(folder, 'cluster'));
        if (typeof cluster === 'string') return { figures: '', faults: [], skipped: cluster };
        stopCluster = cluster.stop;
        bench = await createBench('postgresql', outer.options, { server: cluster.url });
      }
      return await fill(bench, folder, seed);
    } finally {
      process.off('exit', atExit);
      atExit();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function fill(bench: Bench, folder: string, seed: number): Promise<Shown> {
  const server = await bench.start();
  const load = startLoad(bench.client.at(server.address), bench.ledger, { seed, writers: 4, metadata: true });
  await sleep(1000);
  const ballast = join(folder, 'ballast');
  await fillUp(ballast);
  const before = bench.ledger.statuses.get('503 MRT_UNAVAILABLE') ?? 0;
  // What is left in files that are already there is written first.
  await Promise.race([
    server.ended,
    waitFor(() => (bench.ledger.statuses.get('503 MRT_UNAVAILABLE') ?? 0) > before + 5, 20_000),
  ]);
  const refused = (bench.ledger.statuses.get('503 MRT_UNAVAILABLE') ?? 0) - before;
  const died = server.ending();
  await rm(ballast);
  const faults: string[] = [];
  let after = 'the same process went on';
  if (died) after = `the process ended (${died.code ?? died.signal}) and a new one went on`;
  await sleep(1500);
  await load.stop();
  const again =
    server.ending() === null
      ? server
      : await bench
          .start()
          .catch((error: unknown) => (error instanceof DiedAtStart ? error : Promise.reject(error as Error)));
  if (again instanceof DiedAtStart) return { figures: 'room again', faults: [again.message] };
  const written = bench.ledger.writes.length;
  const more = startLoad(bench.client.at(again.address), bench.ledger, {
    seed: seed + 7,
    writers: 2,
    metadata: false,
  });
  await waitFor(() => bench.ledger.writes.length > written + 5, 30_000);
  await more.stop();
  if (bench.ledger.writes.length <= written)
    faults.push(`nothing can be written although there is room again: ${again.output()}`);
  await bench.resend(again);
  if (again.ending() === null)
    await again.stop().catch((error: unknown) => faults.push((error as Error).message));
  faults.push(...(await bench.check()));
  await bench.remove();
  return { figures: `${refused} refusals while full; ${after}`, faults };
}

async function waitFor(is: () => boolean, limit: number): Promise<void> {
  const end = performance.now() + limit;
  while (!is() && performance.now() < end) await sleep(100);
}

async function fillUp(file: string): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (let size = 1 << 20; size >= 4096; size >>= 2) {
      const piece = Buffer.alloc(size);
      for (;;) if ((await handle.write(piece).catch(() => ({ bytesWritten: 0 }))).bytesWritten < size) break;
    }
  } finally {
    await handle.close().catch(() => {});
  }
}

/** A PostgreSQL cluster of its own in `folder`; why not, when there is none. */
async function startCluster(folder: string): Promise<{ readonly url: string; stop(): void } | string> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [] as string[]);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) return 'no initdb in /usr/lib/postgresql';
  const bin = (name: string): string => `/usr/lib/postgresql/${newest}/bin/${name}`;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  await mkdir(folder);
  await chown(folder, uid ?? 0, gid ?? 0);
  const as = {
    uid: uid ?? 0,
    gid: gid ?? 0,
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' },
    cwd: folder,
  };
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address() as AddressInfo;
  await new Promise((done) => probe.close(done));
  const data = join(folder, 'pg');
  try {
    // The parent was made by root and is closed to others.
    await run('chmod', ['755', join(folder, '..')]);
    await run(
      bin('initdb'),
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--wal-segsize=4'],
      as,
    );
    const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c min_wal_size=16MB -c max_wal_size=64MB`;
    await run(bin('pg_ctl'), ['-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start'], as);
  } catch (error) {
    return `no cluster could be made: ${(error as Error).message.slice(0, 300)}`;
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: () => void spawnSync(bin('pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop'], as),
  };
}
