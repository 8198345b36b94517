-- What the search box finds records by, one row for each searched field with a value (docs/decisions/0011).
create table mortise.search_key (
  entity text not null,
  record_id uuid not null,
  field text not null,
  forms text not null,
  keys int[] not null,
  primary key (entity, record_id, field)
)
--
-- Without the list of pending entries: a question must not read what writers have put off.
create index search_key_keys on mortise.search_key using gin (keys) with (fastupdate = off)
--
-- Records whose keys must be made anew, put here by triggers inside of the write; a row may stand here twice.
create table mortise.search_pending (
  position bigint generated always as identity primary key,
  entity text not null,
  record_id uuid not null
)
--
-- By which rules the keys of an entity were made.
create table mortise.search_entity (
  entity text primary key,
  signature text not null
)
--
-- Arguments: the entity, then the columns whose change matters. They are texts, because a column that a trigger names
-- can no longer change its type.
create function mortise.mark_search() returns trigger language plpgsql as $$
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
  insert into mortise.search_pending (entity, record_id)
    values (tg_argv[0], case when tg_op = 'DELETE' then old.id else new.id end);
  return null;
end
$$
