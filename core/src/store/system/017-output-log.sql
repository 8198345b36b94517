-- What left the system as paper, file or mass mail, or was refused to (SEC-08, AUD-01). Nobody changes or removes a
-- row, the owner of the database included, as long as the triggers stand.
create table mortise.output_log (
  id uuid primary key,
  at timestamptz not null default now(),
  user_id uuid not null,
  user_name text not null,
  kind text not null check (kind in ('print', 'export', 'mail')),
  entity text not null,
  template text,
  format text,
  -- Records in it, and how many of them count against the quota: the same records on the same day count once.
  records integer not null,
  counted integer not null,
  fingerprint text not null,
  -- The question it came from: filter or ids, fields, sort.
  query jsonb not null,
  source text not null,
  address text,
  -- The limit that refused it; null when it was done.
  refused text,
  -- The release that let it pass in spite of the limit.
  release uuid
)
--
create index output_log_user on mortise.output_log (user_id, kind, at desc)
--
create index output_log_at on mortise.output_log (at desc)
--
create trigger output_log_append_only before update or delete on mortise.output_log
  for each row execute function mortise.refuse_change()
--
create trigger output_log_no_truncate before truncate on mortise.output_log
  for each statement execute function mortise.refuse_change()
--
-- Somebody may go past his quota once, until a moment: given by a person, or by the workflow of approvals (WF-12).
create table mortise.output_release (
  id uuid primary key,
  user_id uuid not null,
  kind text not null check (kind in ('print', 'export', 'mail')),
  records integer not null check (records > 0),
  until timestamptz not null,
  "by" uuid,
  reason text,
  at timestamptz not null default now(),
  used_at timestamptz
)
--
create index output_release_open on mortise.output_release (user_id, kind) where used_at is null
