/** 个人设置中代理部分的文字。 */
export default {
  title: '缺勤代理',
  hint: '由同事代办等待您办理的事项，其操作会记录为代您办理。须由不同人员办理的步骤，您与代理人视为同一人。',
  who: '代理人',
  choose: '按姓名查找',
  from: '开始日期',
  until: '结束日期',
  reason: '事由',
  todo: '代办我的待办事项',
  records: '代管我负责的记录',
  add: '指定代理人',
  added: '已指定代理人',
  none: '目前没有代理人',
  term: '{from} 至 {until}',
  end: '收回',
  ended: '已收回',
};
