-- What a person is told inside the product (NTF-01). The record's name is not kept: it is read when the notification
-- is, by whoever reads it.
create table mortise.notification (
  id uuid primary key,
  "user" uuid not null,
  at timestamptz not null default now(),
  -- Of which sort, so that each person can leave it out: asked, step, given, reminder, rule.
  kind text not null,
  entity text,
  record_id uuid,
  "by" uuid,
  -- In both languages, as it was called then.
  text json not null,
  detail text,
  read_at timestamptz
)
--
create index notification_user on mortise.notification ("user", at desc, id desc)
--
create index notification_unread on mortise.notification ("user", at desc) where read_at is null
