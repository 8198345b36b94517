import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { readAgenda } from '../agenda/read-agenda.ts';
import { contextOfSession } from '../app/create-context.ts';
import { dateIn } from '../workflow/business-time.ts';
import type { MailPayload } from '../automation/outbox-store.ts';
import { renewSecret, secretNamed } from '../automation/secrets.ts';
import type { Context } from '../context/context.ts';
import type { ModelHolder } from '../change/holder.ts';
import type { PersonalSettings } from '../http/contract.ts';
import type { Notifications } from '../notifications/create-notifications.ts';
import type { Records } from '../records/records.ts';
import { type FoundPerson, sessionOf } from '../session/found-person.ts';
import { sessionSql } from '../session/session-sql.ts';
import type { Standings } from '../session/standings.ts';
import type { Database, Row } from '../store/database.ts';
import type { Dictionaries } from '../store/dictionaries.ts';
import { readTodo } from '../todo/read-todo.ts';
import type { Locale } from '../text/locale.ts';
import { composeDigest, composeNotice, type Letter } from './compose.ts';

/** Mail to the people who work here: digests and notifications, as each has chosen (NTF-02). */
export interface Mail {
  /** Can mail be sent at all? */
  readonly configured: boolean;
  /** Notes in the outbox what is due: each digest and each notification once, whatever crashes. */
  plan(context: Context, now: Date): Promise<void>;
  /** Renders one under its receiver's own rights and sends it. @returns whether there was anything to say */
  send(id: string, payload: MailPayload): Promise<boolean>;
  /** Switches all mail to the person of an unsubscribe link off. @returns false for a wrong link */
  unsubscribe(token: string): Promise<boolean>;
}

export interface MailOptions {
  readonly db: Database;
  readonly models: ModelHolder;
  readonly records: Records;
  readonly notifications: Notifications;
  readonly standings: Standings;
  readonly dictionaries: Dictionaries;
  /** `smtp://user:password@host:587`; null: no mail. */
  readonly smtpUrl: string | null;
  readonly from: string;
  /** Where people reach the product, without a slash at the end. */
  readonly publicUrl: string;
  readonly clock: () => Date;
}

/** Signs unsubscribe links; no webhook may bear this name. */
const SIGNING = '$unsubscribe';
/** A notification that could not be told within this time is left to the digest. */
const AT_ONCE = '1 hour';
/** How long a mail server may take. */
const TIMEOUT_MS = 30_000;
/** Items of one digest. */
const MOST = 30;

interface Wisher extends Row {
  readonly user_id: string;
  readonly mail: NonNullable<PersonalSettings['mail']>;
}

interface Receiver {
  readonly context: Context;
  readonly address: string;
  readonly mail: NonNullable<PersonalSettings['mail']>;
}

/** The same entry for the same thing, so that two nodes, or one after a crash, note it once. */
function entryId(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Makes the mail of an installation. */
export function createMail(options: MailOptions): Mail {
  const { db, models, records, smtpUrl, publicUrl } = options;
  const transport =
    smtpUrl === null
      ? null
      : createTransport({
          url: smtpUrl,
          connectionTimeout: TIMEOUT_MS,
          greetingTimeout: TIMEOUT_MS,
          socketTimeout: TIMEOUT_MS,
        });

  async function note(payload: MailPayload, now: Date): Promise<void> {
    const id = entryId(`${payload.what}/${payload.user}/${payload.key}`);
    await db.query({
      text: `insert into mortise.outbox (id, run, rule, action, kind, payload, due_at, created_at)
        values ($1::uuid, $1::uuid, '$mail', $2, 'mail', $3::json, $4::timestamptz, $4::timestamptz) on conflict (id) do nothing`,
      values: [id, payload.what, JSON.stringify(payload), now.toISOString()],
    });
  }

  async function receiverOf(user: string, now: Date): Promise<Receiver | null> {
    const model = models.current();
    const [row] = await db.query<FoundPerson & { readonly active: boolean }>(sessionSql(model).subject(user));
    const emailColumn = model.entities.get('user')?.fields.get('email')?.column?.name;
    if (!row?.active || emailColumn === undefined) return null;
    const [stored] = await db.query<{ settings: PersonalSettings | null; address: string | null }>({
      text: `select s.settings, u."${emailColumn}" as address from public."${model.entities.get('user')!.table}" u
        left join mortise.user_setting s on s.user_id = u.id where u.id = $1::uuid`,
      values: [user],
    });
    const { mail, locale } = stored?.settings ?? {};
    if (!stored?.address || !mail) return null;
    const standing = (await options.standings.now())({
      id: row.id,
      roles: row.roles ?? [],
      groups: row.groups ?? [],
      unit: row.unit,
    });
    const session = sessionOf({ ...row, settings: stored.settings }, standing, '');
    const context = contextOfSession(
      model,
      session,
      options.dictionaries,
      locale ?? model.settings.locale,
      'rule',
    );
    return { context: { ...context, now }, address: stored.address, mail };
  }

  async function letterOf({ context, mail }: Receiver, payload: MailPayload): Promise<Letter | null> {
    const place = { publicUrl, locale: context.locale, timeZone: context.timeZone };
    const { items } = await options.notifications.list(context, { limit: MOST, unread: true });
    if (payload.what === 'notice') {
      const item = items.find(({ id }) => id === payload.key);
      return item && mail.atOnce?.[item.kind] === true ? composeNotice(item, place) : null;
    }
    if (mail.digest !== 'daily') return null;
    const { groups, total } = await readTodo(context, records);
    const agenda = await readAgenda(context, records, { from: payload.key, to: payload.key });
    if (items.length === 0 && total === 0 && agenda.entries.length === 0) return null;
    return composeDigest({ day: payload.key, items, groups, agenda }, place);
  }

  async function signature(user: string): Promise<string> {
    const secret = (await secretNamed(db, SIGNING)) ?? (await renewSecret(db, SIGNING, ''));
    return createHmac('sha256', secret).update(user).digest('base64url');
  }

  return {
    configured: transport !== null,

    async plan(context, now) {
      if (transport === null) return;
      const wishers = await db.query<Wisher>({
        text: `select user_id::text as user_id, settings -> 'mail' as mail from mortise.user_setting
          where settings #>> '{mail,digest}' = 'daily' or settings #> '{mail,atOnce}' is not null`,
      });
      const day = dateIn(context.timeZone, now.toISOString());
      const hour = Number(
        new Intl.DateTimeFormat('en-GB', {
          hour: '2-digit',
          hourCycle: 'h23',
          timeZone: context.timeZone,
        }).format(now),
      );
      for (const { user_id: user, mail } of wishers) {
        if (mail.digest === 'daily' && hour >= (mail.hour ?? 8))
          await note({ user, what: 'digest', key: day }, now);
        const kinds = Object.entries(mail.atOnce ?? {}).flatMap(([kind, wanted]) => (wanted ? [kind] : []));
        if (kinds.length === 0) continue;
        const fresh = await db.query<{ id: string }>({
          text: `select id::text as id from mortise.notification
            where "user" = $1::uuid and kind = any($2::text[]) and read_at is null and at > now() - interval '${AT_ONCE}'`,
          values: [user, kinds],
        });
        for (const { id } of fresh) await note({ user, what: 'notice', key: id }, now);
      }
    },

    async send(id, payload) {
      if (transport === null) throw new Error('no mail server is configured (MORTISE_SMTP_URL)');
      const receiver = await receiverOf(payload.user, options.clock());
      const letter = receiver && (await letterOf(receiver, payload));
      if (!receiver || !letter) return false;
      const token = `${payload.user}.${await signature(payload.user)}`;
      const unsubscribe = `${publicUrl}/api/v1/mail/unsubscribe?token=${token}`;
      await transport.sendMail({
        from: options.from,
        to: receiver.address,
        subject: letter.subject,
        ...withUnsubscribe(letter, unsubscribe, receiver.context.locale),
        // The same at every attempt, so that a repetition after a crash is known for one.
        messageId: `<${id}@mortise>`,
        headers: {
          'List-Unsubscribe': `<${unsubscribe}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          'Auto-Submitted': 'auto-generated',
        },
      });
      return true;
    },

    async unsubscribe(token) {
      const [user = '', given = ''] = token.split('.');
      const expected = Buffer.from(await signature(user));
      const sent = Buffer.from(given);
      if (sent.length !== expected.length || !timingSafeEqual(sent, expected)) return false;
      await db.query({
        text: `update mortise.user_setting set settings = (settings::jsonb - 'mail')::json where user_id::text = $1`,
        values: [user],
      });
      return true;
    },
  };
}

const LEAVE: Readonly<Record<Locale, string>> = {
  'zh-CN': '不再接收这些邮件',
  en: 'Do not send me these mails',
};

function withUnsubscribe(letter: Letter, url: string, locale: Locale): { text: string; html: string } {
  return {
    text: `${letter.text}\n\n${LEAVE[locale]}: ${url}\n`,
    html: `${letter.html}<p style="color:#777"><a href="${url}">${LEAVE[locale]}</a></p>`,
  };
}
