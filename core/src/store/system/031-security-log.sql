-- Sign-ins, refused attempts, reads of sensitive data and what was done to accounts (AUD-01, SEC-13). Records, outputs
-- and documents have their own logs; the screen reads all of them together, in the order of their ids (UUIDv7).
create table mortise.security_log (
  id uuid primary key,
  at timestamptz not null default now(),
  kind text not null,
  -- Absent where nobody was signed in; the name is then what was typed.
  user_id uuid,
  user_name text not null,
  entity text,
  -- The records it is about.
  records uuid[] not null default '{}',
  -- How many like it this row stands for: a flood is counted, not written out.
  times integer not null default 1 check (times > 0),
  detail jsonb not null default '{}',
  source text,
  address text,
  agent text
)
--
create index security_log_user on mortise.security_log (user_id, id desc)
--
create trigger security_log_append_only before update or delete on mortise.security_log
  for each row execute function mortise.refuse_change()
--
create trigger security_log_no_truncate before truncate on mortise.security_log
  for each statement execute function mortise.refuse_change()
