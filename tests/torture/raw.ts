import { connect } from 'node:net';

/** An answer read from the wire; status 0 when the connection ended without one. */
export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const PATIENCE = 30_000;
const MOST_READ = 200_000;

/** Sends bytes as they are and reads what comes. @throws when nothing comes in half a minute, or nobody listens */
export function sendRaw(address: string, bytes: Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    const parts: Buffer[] = [];
    let size = 0;
    const end = (): void => {
      socket.destroy();
      resolve(read(Buffer.concat(parts).toString('utf8')));
    };
    socket.setTimeout(PATIENCE, () => {
      socket.destroy();
      reject(new Error(`no answer in ${PATIENCE / 1000} s`));
    });
    socket.once('connect', () => {
      socket.write(bytes);
      // Not before the server has begun to wait for the rest; one that has all of it answers first.
      if (cutShort(bytes)) setTimeout(() => socket.end(), 20);
    });
    socket.on('data', (part) => {
      parts.push(part);
      size += part.length;
      // A stream of events never ends; its beginning is enough. So is that of a long answer.
      if (size > MOST_READ || part.includes('text/event-stream')) end();
    });
    socket.once('end', end);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') reject(error);
      else end();
    });
  });
}

function read(text: string): RawAnswer {
  // A 100 Continue comes before the answer itself.
  const answer = text.replace(/^(?:HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n)+/, '');
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
    type: /^content-type: *(.*)$/im.exec(head)?.[1] ?? '',
    body: /^transfer-encoding: *chunked/im.test(head)
      ? body.replace(/^[0-9a-f]+\r\n/i, '').replace(/\r\n0\r\n\r\n$/, '')
      : body,
  };
}

/** Did the request end before its own end? Then nobody listens for an answer. */
export function cutShort(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  const at = text.indexOf('\r\n\r\n');
  const declared = /^content-length: (\d+)/im.exec(text.slice(0, at))?.[1];
  if (declared !== undefined) return bytes.length - at - 4 < Number(declared);
  return /^transfer-encoding: chunked/im.test(text.slice(0, at)) && !text.endsWith('0\r\n\r\n');
}
