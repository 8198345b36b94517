-- Writes of many records that were one act of somebody, so that they can be taken back together.
create table mortise.operation (
  id uuid primary key,
  kind text not null,
  entity text not null,
  "by" uuid,
  at timestamptz not null default now(),
  source text not null,
  reason text,
  records integer not null,
  undone_by uuid references mortise.operation
)
--
create index operation_by on mortise.operation ("by", at desc)
--
-- Which operation a change of a record belongs to.
alter table mortise.history add column operation uuid
--
create index history_operation on mortise.history (operation) where operation is not null
