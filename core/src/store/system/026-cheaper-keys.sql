-- Keys of the search box are made some hundred records at once: put off and sorted in together, they cost a fourth. Who
-- makes them clears the list of what is put off at once, so that questions do not read it (docs/performance.md).
alter index mortise.search_key_keys set (fastupdate = on)
--
-- As in 003, in a language that keeps its plans: each call planned its three statements anew. One plan does for whatever
-- keys are asked, since there is but one way to look them up: the entity is compared so that no index of it is tempting.
create or replace function mortise.duplicate_candidates(of_entity text, strong int[], near int[], wide int[], most int)
  returns setof uuid language plpgsql stable set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  return query
    (select k.record_id from mortise.duplicate_key k where k.keys && strong and k.entity is not distinct from of_entity limit most)
    union (select k.record_id from mortise.duplicate_key k where k.keys && near and k.entity is not distinct from of_entity limit most)
    union (select k.record_id from mortise.duplicate_key k where k.keys && wide and k.entity is not distinct from of_entity limit most);
end
$$
--
-- As in 003; a new record that was written together with its keys does not wait for any.
create or replace function mortise.mark_duplicate() returns trigger language plpgsql as $$
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
  elsif tg_op = 'INSERT' then
    if exists (select from mortise.duplicate_key k where k.entity = tg_argv[0] and k.record_id = new.id) then
      return null;
    end if;
  end if;
  insert into mortise.duplicate_pending (entity, record_id)
    values (tg_argv[0], case when tg_op = 'DELETE' then old.id else new.id end);
  return null;
end
$$
