import type { AgendaAnswer } from '../agenda/read-agenda.ts';
import type { NotificationView } from '../notifications/create-notifications.ts';
import type { TodoGroup } from '../todo/read-todo.ts';
import { localise, type Locale } from '../text/locale.ts';

/** A mail without its addresses. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Where a letter's links lead, and in whose language and zone it is. */
export interface LetterPlace {
  readonly publicUrl: string;
  readonly locale: Locale;
  readonly timeZone: string;
}

/** What a digest tells: all of it read through the receiver's gate. */
export interface DigestContent {
  readonly day: string;
  readonly items: readonly NotificationView[];
  readonly groups: readonly TodoGroup[];
  readonly agenda: AgendaAnswer;
}

/** A line of a letter, with where it leads. */
interface Line {
  readonly text: string;
  readonly path: string;
}

const TEXTS = {
  'zh-CN': {
    digest: '每日摘要',
    today: '今天',
    todo: '待办',
    told: '未读通知',
    count: (n: number) => `${n} 项`,
  },
  en: { digest: 'Daily digest', today: 'Today', todo: 'To do', told: 'Unread', count: (n: number) => `${n}` },
} as const;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
/** A header is one line. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);

function lineOf({ text, record, detail }: NotificationView, locale: Locale): Line {
  const what = record ? `${localise(record.label, locale)} ${record.name} — ` : '';
  return {
    text: oneLine(`${what}${localise(text, locale)}${detail ? `: ${detail}` : ''}`),
    path: record ? `/e/${record.entity}/${record.id}` : '/notifications',
  };
}

function letter(
  subject: string,
  parts: readonly (readonly [string, readonly Line[]])[],
  publicUrl: string,
): Letter {
  const shown = parts.filter(([, lines]) => lines.length > 0);
  return {
    subject: oneLine(subject),
    text: shown
      .map(([title, lines]) =>
        [title, ...lines.map(({ text, path }) => `- ${text}\n  ${publicUrl}${path}`)].join('\n'),
      )
      .join('\n\n'),
    html: shown
      .map(
        ([title, lines]) =>
          `<h3>${escaped(title)}</h3><ul>${lines
            .map(({ text, path }) => `<li><a href="${escaped(publicUrl + path)}">${escaped(text)}</a></li>`)
            .join('')}</ul>`,
      )
      .join(''),
  };
}

/** One notification as a mail of its own. */
export function composeNotice(item: NotificationView, { publicUrl, locale }: LetterPlace): Letter {
  const line = lineOf(item, locale);
  return letter(line.text, [[localise(item.text, locale), [line]]], publicUrl);
}

/** What lies on the day, what waits, what was told and not read yet. */
export function composeDigest(content: DigestContent, { publicUrl, locale, timeZone }: LetterPlace): Letter {
  const { day, items, groups, agenda } = content;
  const say = TEXTS[locale];
  const labels = new Map(agenda.calendars.map(({ view, label }) => [view, localise(label, locale)]));
  const time = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  });
  const today = agenda.entries.map(({ entity, id, view, title, start, isAllDay }): Line => ({
    text: oneLine(`${isAllDay ? '' : `${time.format(new Date(start))} `}${labels.get(view) ?? ''} ${title}`),
    path: `/e/${entity}/${id}`,
  }));
  const todo = groups.map(({ label, stateLabel, count }): Line => ({
    text: `${localise(label, locale)} · ${localise(stateLabel, locale)}: ${say.count(count)}`,
    path: '/todo',
  }));
  return letter(
    `${say.digest} ${day}`,
    [
      [say.today, today],
      [say.todo, todo],
      [say.told, items.map((item) => lineOf(item, locale))],
    ],
    publicUrl,
  );
}
