-- System tables of Mortise. Statements are separated by a line that holds nothing but "--".
create table mortise.version (
  only_row boolean primary key default true check (only_row),
  version integer not null,
  allocation json not null default '{}',
  indexes json not null default '{}',
  model_hash text not null,
  file_hash text not null,
  dictionary_revision integer not null default 0,
  updated_at timestamptz not null default now()
)
--
-- A writer names the version its model has. A function, because its second statement sees what was committed
-- while the first one waited; VOLATILE, because otherwise it would keep the snapshot from before the wait.
create function mortise.guard(expected integer) returns integer language plpgsql volatile as $$
declare current_version integer;
begin
  perform pg_advisory_xact_lock_shared(73016, 1);
  select v.version into current_version from mortise.version v;
  if current_version is distinct from expected then
    raise exception 'the model is at version %, the writer at %', current_version, expected using errcode = 'MRT01';
  end if;
  return current_version;
end $$
--
-- Taken by a change of the model: waits for all writers, and makes the next ones wait.
create function mortise.lock_model() returns integer language plpgsql volatile as $$
begin
  perform pg_advisory_xact_lock(73016, 1);
  return (select v.version from mortise.version v);
end $$
--
create table mortise.overlay (
  kind text not null,
  name text not null,
  document json not null,
  replaced json,
  lower_hash text,
  updated_at timestamptz not null default now(),
  updated_by uuid,
  primary key (kind, name)
)
--
create table mortise.change_set (
  id uuid primary key,
  number integer generated always as identity,
  version integer not null,
  dictionary_revision integer not null default 0,
  at timestamptz not null default now(),
  author uuid,
  author_name text not null,
  note text not null default '',
  changes json not null,
  operations json not null
)
--
create index change_set_version on mortise.change_set (version desc, number desc)
--
create function mortise.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'MRT02';
end $$
--
create trigger change_set_append_only before update or delete on mortise.change_set
  for each row execute function mortise.refuse_change()
--
create table mortise.dictionary_value (
  dictionary text not null,
  code text not null,
  parent text,
  label_zh text not null,
  label_en text not null,
  sort integer not null default 0,
  active boolean not null default true,
  is_system boolean not null default false,
  color text,
  data jsonb not null default '{}',
  revision integer not null default 0,
  edited boolean not null default false,
  primary key (dictionary, code)
)
--
create index dictionary_value_parent on mortise.dictionary_value (dictionary, parent)
--
-- A previewed change, waiting to be applied by its token.
create table mortise.plan (
  token text primary key,
  version integer not null,
  created_at timestamptz not null default now(),
  author uuid,
  note text not null,
  changes json not null
)
--
create table mortise.plugin_state (
  name text primary key,
  enabled boolean not null,
  version text not null,
  settings json not null default '{}'
)
--
create table mortise.history (
  id uuid not null,
  at timestamptz not null default now(),
  entity text not null,
  record_id uuid not null,
  action text not null,
  changes jsonb not null default '{}',
  "by" uuid,
  source text not null,
  reason text,
  version integer not null,
  primary key (id, at)
) partition by range (at)
--
create index history_record on mortise.history (entity, record_id, at desc)
--
create index history_by on mortise.history ("by", at desc)
--
create table mortise.history_default partition of mortise.history default
--
-- Makes the partitions of last, this and next year. A year whose rows already lie in the default partition stays there.
create function mortise.extend_history() returns void language plpgsql volatile as $$
declare year integer;
begin
  for year in select generate_series(extract(year from now())::int - 1, extract(year from now())::int + 1) loop
    if to_regclass(format('mortise.history_%s', year)) is null and not exists (
      select from mortise.history_default
      where at >= make_timestamptz(year, 1, 1, 0, 0, 0, 'UTC') and at < make_timestamptz(year + 1, 1, 1, 0, 0, 0, 'UTC')
    ) then
      execute format(
        'create table mortise.history_%s partition of mortise.history for values from (%L) to (%L)',
        year, format('%s-01-01 00:00:00+00', year), format('%s-01-01 00:00:00+00', year + 1)
      );
    end if;
  end loop;
end $$
--
create table mortise.session (
  token_hash text primary key,
  user_id uuid not null,
  csrf text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  address text,
  agent text
)
--
create index session_by_user on mortise.session (user_id)
--
create index session_by_expiry on mortise.session (expires_at)
--
create table mortise.credential (
  user_id uuid primary key,
  hash text not null,
  changed_at timestamptz not null default now(),
  must_change boolean not null default false,
  failures integer not null default 0,
  locked_until timestamptz
)
--
create table mortise.user_setting (
  user_id uuid primary key,
  settings json not null default '{}'
)
--
create table mortise.sequence (
  key text primary key,
  value bigint not null
)
--
create table mortise.file (
  id uuid primary key,
  name text not null,
  type text not null,
  size bigint not null,
  sha256 text not null,
  path text not null,
  created_by uuid,
  created_at timestamptz not null default now()
)
--
create index file_sha256 on mortise.file (sha256)
--
create table mortise.sample_mark (
  entity text not null,
  id uuid not null,
  primary key (entity, id)
)
--
create table mortise.installation (
  key text primary key,
  value json not null
)
