import { connect, createServer, type Socket } from 'node:net';
import { CommandFrames } from './command-frames.ts';
import type { StatementCounter } from './statement-counter.ts';

/**
 * Stands between a program and the database and counts the commands that the server reports as completed. It needs
 * nothing of the server, and sees what really ran; it is not there while times and CPU are measured.
 */
export async function openProxy(
  database: string,
): Promise<{ url: string; counter: StatementCounter; close(): Promise<void> }> {
  const target = new URL(database);
  const sockets = new Set<Socket>();
  let counted = 0;
  const server = createServer((program) => {
    const real = connect(Number(target.port || 5432), target.hostname);
    const frames = new CommandFrames((tag) => {
      if (!isTransactionControl(tag)) counted += 1;
    });
    for (const socket of [program, real]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      // One side that breaks ends the other; which one it was does not matter to a count.
      socket.once('error', () => socket.destroy());
      socket.once('close', () => {
        sockets.delete(socket);
        program.destroy();
        real.destroy();
      });
    }
    program.pipe(real);
    real.on('data', (bytes) => frames.take(bytes));
    real.pipe(program);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(database);
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' && address ? address.port : 0);
  url.searchParams.set('sslmode', 'disable');
  return {
    url: url.href,
    counter: { read: () => Promise.resolve(counted) },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** `BEGIN`, `COMMIT` and the like are no statements of the budget (DESIGN §11). */
function isTransactionControl(tag: string): boolean {
  return /^(BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET)\b/.test(tag);
}
