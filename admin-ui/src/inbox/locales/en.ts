/** Texts of what waits for a person: notifications and the inbox. Fetched with the first of these screens. */
export default {
  todo: {
    title: 'To do',
    absent: 'Waiting for {name} (you stand in until {day})',
    none: 'Nothing waits for you',
    noneHint: 'Steps that others wait for appear here: reviews, tasks, approvals.',
    choose: 'Choose one record for all its steps, or several for the steps above.',
  },
  notifications: {
    title: 'Notifications',
    none: 'Nothing new',
    noneHint: 'You are told here when something waits for you or has become of your records.',
    all: 'All notifications',
    allRead: 'Mark all as read',
    unread: 'Unread',
    unreadOnly: 'Unread only',
    by: 'by {name}',
    said: '“{text}”',
    more: 'Show more',
    settings: 'Tell me',
    kind: {
      asked: 'when a step waits for me',
      step: 'what becomes of my records',
      given: 'when a record or message is given to me',
      reminder: 'when a date comes',
      rule: 'what automation rules tell',
    },
  },
};
