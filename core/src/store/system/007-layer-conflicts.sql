-- Places where newer files and the site's own changes meet, until somebody has decided them.
create table mortise.layer_conflict (
  id uuid primary key,
  at timestamptz not null default now(),
  kind text not null,
  name text not null,
  path text not null,
  reason text not null,
  before json,
  site json,
  shipped json,
  detail text,
  decided text,
  decided_at timestamptz,
  decided_by uuid
)
--
create index layer_conflict_open on mortise.layer_conflict (at) where decided is null
