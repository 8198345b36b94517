-- A token may be the address of a calendar feed instead of a key of the API.
alter table mortise.api_token add column kind text not null default 'api' check (kind in ('api', 'feed'))
--
-- What a person wants to be reminded of, by himself: so many days before the date of a record, or at a moment. When
-- it is due follows the date as it is then, so a moved date moves the reminder (NTF-01, NTF-03).
create table mortise.reminder (
  id uuid primary key,
  "user" uuid not null,
  entity text,
  record_id uuid,
  -- The date field it hangs on, how many days before it, and at which time of day (HH:MM, business time zone).
  field text,
  days_before integer not null default 0,
  at_time text,
  -- Null while the field is empty.
  due_at timestamptz,
  -- Put off until then.
  snoozed_until timestamptz,
  note text,
  created_at timestamptz not null default now(),
  -- The date as it was when "due_at" was calculated.
  computed_for text,
  told_at timestamptz,
  done_at timestamptz
)
--
create index reminder_user on mortise.reminder ("user") where done_at is null
--
create index reminder_due on mortise.reminder (coalesce(snoozed_until, due_at)) where done_at is null and told_at is null
--
create index reminder_record on mortise.reminder (entity, record_id) where done_at is null
