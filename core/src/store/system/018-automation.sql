-- Rules: which rule a change comes from, what rules have done, what still has to leave the database (ENG-13).
alter table mortise.history add column rule text
--
-- One run of a rule or a deadline; written in the transaction of what it has done.
create table mortise.rule_run (
  id uuid primary key,
  rule text not null,
  -- As it was called then.
  label json not null,
  trigger text not null,
  entity text,
  record_id uuid,
  -- done, failed; loop: refused to run within itself.
  state text not null,
  at timestamptz not null,
  "by" uuid,
  -- Says that this moment has had its run: two nodes, or one after a crash, find it done.
  fire_key text,
  -- What was done, action by action.
  actions json not null default '[]',
  error json,
  retried_by uuid
)
--
create unique index rule_run_fire_key on mortise.rule_run (fire_key) where fire_key is not null
--
create index rule_run_at on mortise.rule_run (at desc, id desc)
--
create index rule_run_rule on mortise.rule_run (rule, at desc, id desc)
--
create index rule_run_record on mortise.rule_run (record_id, at desc) where record_id is not null
--
-- What must reach somebody outside, written with the change that asks for it and sent after its commit. Its id is
-- the idempotency key that the receiver sees, the same at every attempt.
create table mortise.outbox (
  id uuid primary key,
  run uuid not null,
  rule text not null,
  action text not null,
  kind text not null,
  entity text,
  record_id uuid,
  payload json not null,
  -- waiting, sending, done, failed, cancelled
  state text not null default 'waiting',
  attempts integer not null default 0,
  due_at timestamptz not null,
  -- While a node is at it; after this moment it is taken for dead.
  locked_until timestamptz,
  created_at timestamptz not null,
  done_at timestamptz,
  status integer,
  error json
)
--
create index outbox_due on mortise.outbox (due_at) where state in ('waiting', 'sending')
--
create index outbox_run on mortise.outbox (run)
--
-- How far the clock of a rule has come.
create table mortise.rule_clock (
  rule text primary key,
  -- Hash of the trigger: another one begins anew.
  mark text not null,
  until timestamptz not null,
  -- Of a schedule: the time it is at work on, and after which record it goes on.
  slot timestamptz,
  after_id uuid
)
--
create table mortise.webhook_secret (
  name text primary key,
  secret text not null,
  created_at timestamptz not null default now(),
  created_by uuid
)
