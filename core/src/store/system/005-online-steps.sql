-- What a change leaves to be done after its commit (DESIGN §4): an index built without blocking, values computed anew.
create table mortise.online_step (
  id uuid primary key,
  number bigint generated always as identity,
  kind text not null,
  subject text not null,
  label json not null,
  payload json not null,
  version integer not null,
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  cursor json,
  done bigint not null default 0,
  total bigint,
  attempts integer not null default 0,
  error json,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
)
--
create index online_step_open on mortise.online_step (number) where state in ('waiting', 'running')
--
create index online_step_subject on mortise.online_step (kind, subject)
