-- Records that were merged into another one: whoever asks for them by their old id is led there.
create table mortise.merged_record (
  entity text not null,
  id uuid not null,
  survivor uuid not null,
  operation uuid not null,
  display text not null,
  at timestamptz not null default now(),
  primary key (entity, id)
)
--
create index merged_record_survivor on mortise.merged_record (entity, survivor)
--
create index merged_record_operation on mortise.merged_record (operation)
