/**
 * Words of Chinese company names. They belong to the language, not to one business: a name is
 * place + brand + trade + legal form, and only the brand and the place tell enterprises of one trade apart.
 */

/** Legal forms at the end of a name, longest first; several may follow each other. */
export const LEGAL_FORMS: readonly string[] = [
  '股份有限责任公司',
  '有限责任公司',
  '责任有限公司',
  '股份有限公司',
  '控股有限公司',
  '有限合伙企业',
  '普通合伙企业',
  '个人独资企业',
  '股份公司',
  '集团公司',
  '有限公司',
  '责任公司',
  '有限合伙',
  '普通合伙',
  '个体工商户',
  '总公司',
  '公司',
  '集团',
  '控股',
  '股份',
  '有限',
  '总厂',
  '厂',
].sort((a, b) => b.length - a.length);

/** Latin legal forms, as words at the end. */
export const LATIN_FORM =
  /[\s.,]+(?:co|company|ltd|limited|inc|incorporated|corp|corporation|llc|gmbh|plc|group)\.?$/u;

/** Parts of an enterprise, each a record of its own beside the parent. */
export const BRANCH_WORDS: readonly string[] = [
  '分公司',
  '子公司',
  '办事处',
  '代表处',
  '联络处',
  '分厂',
  '分店',
  '分部',
  '分行',
  '支行',
  '分校',
  '分院',
  '分中心',
  '营业部',
  '经营部',
  '门市部',
  '事业部',
  '服务部',
  '销售部',
  '专卖店',
  '旗舰店',
  '加盟店',
  '直营店',
  '连锁店',
];

/**
 * Trade words; those of one line say the same. Never a brand by themselves.
 */
const TRADE_LINES = `
酒业 酒厂 酿酒 酒
酒庄 葡萄酒 葡萄酒庄
白酒
啤酒
黄酒
果酒
酒类 酒水
酒店 大酒店
宾馆
饭店
酒家
餐饮 餐饮管理 餐饮服务
食品 食品工业
农副食品
调味食品 调味品 调味
保健食品
糖业 制糖
糖果
糖酒
糖酒副食
副食 副食品
乳业 乳品
奶业 奶制品
饮料 饮品
矿泉水
茶业 茶叶 茶
咖啡
粮油
粮食
油脂
米业 大米
面业 面粉
肉类 肉食 肉业
水产
禽业
畜牧 牧业
农业
农牧
果业 水果
蔬菜
饲料
种业
商贸 贸易 经贸 工贸
进出口 进出口贸易 外贸
国际贸易
批发
零售
商业
百货
超市 超级市场
商场
连锁
供应链 供应链管理
物流
运输 货运
快递
仓储
科技 科技发展
技术
电子 电子科技
电子商务 电商
网络 网络科技 网络技术
信息 信息技术 信息科技
软件
通信 通讯
生物 生物科技 生物技术 生物工程
环保 环保科技
新能源
能源
电力
石油
石化
化工
化学
塑料 塑业 塑胶
橡胶
玻璃
陶瓷
纸业 造纸
木业
家具 家居
建材
建筑 建设
建筑工程 建设工程
工程
装饰 装饰工程 装潢
房地产 地产 置业 房地产开发
物业 物业管理 物业服务
机械 机械设备 机械制造 机器
食品机械
包装机械
设备
装备
制造
机电
电器
电气
汽车 汽车销售
汽配 汽车配件
金属
钢铁
五金
模具
仪器 仪表
包装 包装制品 包装材料
彩印包装 包装印刷 印刷包装
印刷 印务 彩印 印业
广告 广告传媒 传媒广告 广告传播
传媒 文化传媒 文化传播
文化
影视
设计
策划 营销策划
会展 会展服务 展览
咨询 咨询服务 管理咨询 企业管理咨询
企业管理
投资 投资管理
资产管理
金融
保险
证券
银行
医药 药业
制药
医疗 医疗器械
医院
美容
化妆品
日化
服装 服饰
纺织
鞋业
皮革
珠宝
玩具
教育 教育科技
旅游 旅行社
酒店管理
香精 香料
添加剂
实业
发展
产业
工业
企业
国际
管理
服务
销售 营销
开发
`;

/** Say little about the trade: an enterprise adds or drops them freely. */
const GENERIC_LINES =
  '实业 发展 科技 技术 产业 工业 企业 国际 管理 服务 销售 营销 开发 投资 文化 制造 控股 集团 连锁';

/** Trade word → the first word of its line. */
export const TRADES: ReadonlyMap<string, string> = new Map(
  TRADE_LINES.trim()
    .split('\n')
    .flatMap((line) => {
      const words = line.split(' ');
      return words.map((word): [string, string] => [word, words[0] as string]);
    }),
);

/** Trades (as first words of their lines) that say little. */
export const GENERIC_TRADES: ReadonlySet<string> = new Set(
  GENERIC_LINES.split(' ').map((word) => TRADES.get(word) ?? word),
);

/** Length of the longest trade word. */
export const LONGEST_TRADE = Math.max(...Array.from(TRADES.keys(), (word) => word.length));
