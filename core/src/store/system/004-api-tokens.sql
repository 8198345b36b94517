-- A session has a public name, so that it can be listed and ended without showing what signs it in.
alter table mortise.session add column id uuid not null default gen_random_uuid()
--
create unique index session_id on mortise.session (id)
--
-- Personal API tokens; of the secret only its hash. A revoked one is kept, so that it is known who had what.
create table mortise.api_token (
  id uuid primary key,
  user_id uuid not null,
  token_hash text not null unique,
  name text not null,
  hint text not null,
  read_only boolean not null default false,
  functions boolean not null default true,
  entities text[],
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  used_at timestamptz,
  revoked_at timestamptz
)
--
create index api_token_by_user on mortise.api_token (user_id, created_at)
