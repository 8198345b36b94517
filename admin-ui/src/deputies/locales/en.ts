/** Texts of the personal settings about deputies. */
export default {
  title: 'While I am away',
  hint: 'A colleague takes the steps that wait for you; what he does is recorded as done for you. Where different people are needed, you and he count as one.',
  who: 'Deputy',
  choose: 'Search by name',
  from: 'First day',
  until: 'Last day',
  reason: 'Reason',
  todo: 'Takes the steps that wait for me',
  records: 'Looks after my records',
  add: 'Name the deputy',
  added: 'Your deputy is named',
  none: 'Nobody stands in for you',
  term: '{from} to {until}',
  end: 'Take back',
  ended: 'Taken back',
};
