/** 待办与通知的文字,随第一个相关界面载入。 */
export default {
  todo: {
    title: '待办',
    absent: '代{name}办理（至 {day}）',
    none: '没有待办事项',
    noneHint: '等待您办理的步骤会出现在这里:审核、任务、审批。',
    choose: '选择一条记录可办理其全部步骤;选择多条可用上方按钮批量办理。',
  },
  notifications: {
    title: '通知',
    none: '没有新通知',
    noneHint: '有事项待您办理,或您的记录有进展时,会在这里通知您。',
    all: '全部通知',
    allRead: '全部标为已读',
    unread: '未读',
    unreadOnly: '只看未读',
    by: '{name}',
    said: '“{text}”',
    more: '显示更多',
    settings: '通知我',
    kind: {
      asked: '有步骤待我办理',
      step: '我的记录有进展',
      given: '记录或信息交给我',
      reminder: '日期到期提醒',
      rule: '自动化规则的通知',
    },
  },
};
