-- Records that a person shares with another or with a department (SEC-07). The gate asks by grantee and entity, or by
-- record; a share holds up to and with its last day. What its giver could not read or change himself it withholds.
create table mortise.record_share (
  id uuid primary key,
  entity text not null,
  record_id uuid not null,
  kind text not null check (kind in ('user', 'unit')),
  grantee uuid not null,
  level text not null check (level in ('read', 'write')),
  until date,
  unread text[] not null default '{}',
  unwritten text[] not null default '{}',
  "by" uuid,
  at timestamptz not null default now(),
  unique (entity, record_id, grantee)
)
--
create index record_share_grantee on mortise.record_share (grantee, entity)
