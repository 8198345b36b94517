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
酿造 酿酒厂
烘焙 糕点 面包 西点
冻品 冷冻食品 速冻食品
冷链 冷链物流 冷藏
文旅 文化旅游
新材料
材料
智能装备 智能设备
智能科技 智能
孵化器
珠宝首饰 首饰
黄金
工艺品 礼品 工艺
日用品 日用百货
生态农业 农业科技 农业开发 现代农业 农业发展
林业 园林 园林绿化 绿化
花卉
苗木
渔业 水产养殖
养殖 养殖业
屠宰
饲料添加剂
化肥 肥业 肥料
农药
农资
豆业 豆制品
炒货 坚果
蜂业 蜂蜜 蜂产品
菌业 食用菌
药材 中药材
保健品 保健
酵母
淀粉
味精
醋业 食醋
酱业 酱菜 酱油
盐业 制盐
火锅 火锅店
快餐
食堂
休闲食品 休闲
茶楼 茶馆 茶庄 茶社
酒行 酒坊 酒窖
烟酒 名烟名酒 烟草
糖烟酒
便利店
电子商务平台
大数据
云计算
人工智能
物联网 物联
半导体 微电子
光电 光电科技 光伏
电缆 线缆
电机
水务 供水 水利
燃气 天然气 热力
煤业 煤炭 矿业
有色金属
铝业
铜业
铸造
焊接
轴承
阀门
泵业
锅炉
电梯
空调 制冷 制冷设备 暖通
消防
安防
照明 灯饰
门窗
厨具 厨房设备 厨卫
餐具
卫浴 洁具
家电
家纺
家政 家政服务
布业 布艺
羊绒 毛纺
箱包
眼镜
钟表
体育 体育用品 健身
乐器
文具 文教用品 办公用品
图书 书店 出版
报业 新闻
音像
动漫 游戏
摄影
婚庆 庆典 礼仪
公关 公关策划
市场营销 品牌策划 品牌管理 营销策划管理
品牌
展览展示 展示
标识 标牌
人力资源 劳务 人才
财务 会计 税务 财税
法律
知识产权
检测 检验 检测技术
认证
评估
拍卖
典当
租赁 汽车租赁
担保 融资担保 小额贷款
基金
信托
期货
资本 资本管理
创业投资 股权投资
实业投资
酒店投资
置地
土地
市政 市政工程
路桥 交通 公路
桥梁
港口 港务
航运 船舶 海运
航空
铁路
客运
配送
搬家
货代 国际货运
报关
免税
跨境电商
科研 研究院 研究所
生物医药
疫苗
诊所 门诊部
牙科 口腔
养老
护理
宠物
母婴 婴童
美发
养生
洗涤 清洁 保洁
环境 环境科技 环境工程
再生资源 回收
废旧物资
物资
器材
配件
工具
量具
涂料 油漆
颜料
染料
胶粘
树脂
化纤
纤维
无纺布
标签
纸箱 纸品 纸制品
瓶盖 制盖
瓶业 玻璃瓶
制罐 罐头
铝箔
薄膜
胶印 印染
广告设计 广告策划 广告装饰
传播
整合营销
学校
幼儿园
培训 职业培训
教育咨询
信息咨询 商务咨询 经济咨询
商务 商务服务
技术开发 技术服务
会务
票务
度假村 度假
民宿
景区
温泉
娱乐
影院 影业
演出
商行
商店
经销 经销处 经销部
批发部
加工
工作室
合作社 专业合作社 农民专业合作社
农场 家庭农场
供销
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
  '实业 发展 科技 技术 产业 工业 企业 国际 管理 服务 销售 营销 开发 投资 文化 制造 控股 集团 连锁 商行 商店 经销 批发部 加工 工作室 合作社 商务 技术开发 品牌 供销 资本 智能科技';

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
