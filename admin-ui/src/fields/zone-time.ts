const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Wall-clock time in the installation's zone of an instant, `YYYY-MM-DD HH:mm:ss`; '' for no instant. */
export function toWallTime(instant: unknown, zone: string): string {
  if (typeof instant !== 'string' || instant === '') return '';
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) return instant;
  const part = Object.fromEntries(
    formatOf(zone)
      .formatToParts(date)
      .map((p) => [p.type, p.value]),
  );
  return `${part['year']}-${part['month']}-${part['day']} ${part['hour']}:${part['minute']}:${part['second']}`;
}

/** The instant (ISO 8601, UTC) at which the zone's clocks show `wall`. In a skipped hour, the next that exists. */
export function fromWallTime(wall: string, zone: string): string {
  const naive = Date.parse(`${wall.replace(' ', 'T')}Z`);
  const offsetAt = (time: number): number =>
    Date.parse(`${toWallTime(new Date(time).toISOString(), zone).replace(' ', 'T')}Z`) - time;
  const first = naive - offsetAt(naive);
  return new Date(naive - offsetAt(first)).toISOString();
}
