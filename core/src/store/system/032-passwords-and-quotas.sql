-- Former password hashes, so that one is not taken again (SEC-12).
create table mortise.password_history (
  user_id uuid not null,
  hash text not null,
  at timestamptz not null default now()
)
--
create index password_history_user on mortise.password_history (user_id, at desc)
--
-- Limits of what one person or group may print, export and mail (SEC-08 b); those of roles stand in the settings.
-- A limit that is null is as for everybody else; -1: none.
create table mortise.output_quota (
  subject text not null check (subject in ('user', 'group')),
  id uuid not null,
  kind text not null check (kind in ('print', 'export', 'mail')),
  per_job integer check (per_job >= -1),
  per_day integer check (per_day >= -1),
  primary key (subject, id, kind)
)
