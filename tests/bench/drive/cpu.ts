import { readdirSync, readFileSync } from 'node:fs';

/** CPU seconds (user and system) a process has used so far; null where the system does not tell. */
export function cpuOf(pid: number): number | null {
  return nanosecondsOf(pid) ?? ticksOf(pid);
}

/** The scheduler's own count over all threads: a tick of 1/100 s would be a tenth of a short window. */
function nanosecondsOf(pid: number): number | null {
  try {
    const sum = readdirSync(`/proc/${pid}/task`)
      .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
      .reduce((a, b) => a + b, 0);
    return sum > 0 ? sum / 1e9 : null;
  } catch {
    return null;
  }
}

function ticksOf(pid: number): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    // Fields 14 and 15 of proc(5), counted in clock ticks of 1/100 s on every Linux.
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return null;
  }
}

/** Resident memory of a process in MB; null where the system does not tell. */
export function memoryOf(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    return null;
  }
}
