/** Days with fewer records than this are nobody's concern. */
const WORTH_A_LOOK = 100;

/**
 * Use of the last 14 days that an administrator should look at: refused by a limit; four times what the person takes on
 * an ordinary day of the 60 before (or 1,000 without any to compare with); much between eight in the evening and seven.
 * `$1`: the installation's time zone.
 */
export const UNUSUAL = `
  with days as (
    select user_id, kind, (at at time zone $1)::date as day,
      (array_agg(user_name order by at desc))[1] as user_name,
      coalesce(sum(counted), 0)::integer as records,
      coalesce(sum(counted) filter (where extract(hour from at at time zone $1) >= 20 or extract(hour from at at time zone $1) < 7), 0)::integer as late,
      (count(*) filter (where refused is not null))::integer as refusals,
      coalesce(max(records) filter (where refused is not null), 0)::integer as refused_records
    from mortise.output_log where at > now() - interval '75 days' group by 1, 2, 3),
  compared as (
    select d.*, (select round(avg(o.records))::integer from days o
      where o.user_id = d.user_id and o.kind = d.kind and o.day < d.day and o.day >= d.day - 60 and o.records > 0) as usual
    from days d where d.day > (now() at time zone $1)::date - 14),
  found as (
    select user_id, user_name, day, kind, refused_records as records, 'refused' as why, usual, 1 as rank from compared where refusals > 0
    union all
    select user_id, user_name, day, kind, records, 'much', usual, 2 from compared
      where records >= ${WORTH_A_LOOK} and records >= coalesce(usual * 4, 1000)
    union all
    select user_id, user_name, day, kind, late, 'hours', usual, 3 from compared where late >= ${WORTH_A_LOOK})
  select user_id as "user", user_name as "userName", day::text as day, kind, records, why, usual
  from found order by found.day desc, rank, records desc limit 100`;
