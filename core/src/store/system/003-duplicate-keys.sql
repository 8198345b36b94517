-- Hashed keys of records by which likely duplicates are found (ENT-01, docs/decisions/0008).
create table mortise.duplicate_key (
  entity text not null,
  record_id uuid not null,
  keys int[] not null,
  primary key (entity, record_id)
)
--
-- Without the list of pending entries: a question must not read what writers have put off.
create index duplicate_key_keys on mortise.duplicate_key using gin (keys) with (fastupdate = off)
--
-- Records whose keys must be made anew, put here by triggers inside of the write; a row may stand here twice.
create table mortise.duplicate_pending (
  position bigint generated always as identity primary key,
  entity text not null,
  record_id uuid not null
)
--
-- By which rules the keys of an entity were made.
create table mortise.duplicate_entity (
  entity text primary key,
  signature text not null
)
--
-- Arguments: the entity, then the columns whose change matters. They are texts, because a column that a trigger names
-- can no longer change its type.
create function mortise.mark_duplicate() returns trigger language plpgsql as $$
declare
  before jsonb;
  after jsonb;
  changed boolean := false;
begin
  if tg_op = 'UPDATE' then
    before := to_jsonb(old);
    after := to_jsonb(new);
    for at in 1 .. tg_nargs - 1 loop
      changed := changed or before -> tg_argv[at] is distinct from after -> tg_argv[at];
    end loop;
    if not changed then
      return null;
    end if;
  end if;
  insert into mortise.duplicate_pending (entity, record_id)
    values (tg_argv[0], case when tg_op = 'DELETE' then old.id else new.id end);
  return null;
end
$$
--
-- At most `most` records of each tier. Estimates of array overlap are poor, and one wrong guess reads the whole table.
create function mortise.duplicate_candidates(of_entity text, strong int[], near int[], wide int[], most int)
  returns setof uuid language sql stable set enable_seqscan = off as $$
  (select record_id from mortise.duplicate_key where keys && strong and entity = of_entity limit most)
  union (select record_id from mortise.duplicate_key where keys && near and entity = of_entity limit most)
  union (select record_id from mortise.duplicate_key where keys && wide and entity = of_entity limit most)
$$
