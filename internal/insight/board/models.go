package board

// models are the ready-made boards. Queries name events of the usual vocabulary; what a pool cannot answer is left out when a board is made.
func models() []model {
	return []model{
		{
			name: "daily", zh: "运营日报", en: "Operator's daily board", last: 30,
			zhSay: "每天早上先看这一页：来了多少人，买了多少，卡在哪一步。", enSay: "The page for every morning: who came, who bought, and where they got stuck.",
			parts: []part{
				{w: 6, h: 7, zh: "每日下单与下单人数", en: "Orders and buyers a day", query: `{"kind":"trend","last":30,"series":[{"event":"Order Completed"},{"event":"Order Completed","measure":"people"}]}`},
				{w: 6, h: 7, zh: "每日成交额", en: "Revenue a day", query: `{"kind":"trend","last":30,"smooth":7,"series":[{"event":"Order Completed","measure":"sum","of":"revenue"}]}`},
				{w: 7, h: 9, zh: "浏览到下单", en: "From view to order", zhSay: "7 天内走完", enSay: "within 7 days", query: `{"kind":"funnel","last":30,"window":"7d","steps":[{"event":"Product Viewed"},{"event":"Product Added"},{"event":"Order Completed"}]}`},
				{w: 5, h: 9, zh: "每日活跃人数", en: "People active a day", query: `{"kind":"trend","last":30,"series":[{"event":"","measure":"people"}]}`},
				{w: 12, h: 9, zh: "存量与流量", en: "Stock and flow", query: `{"kind":"growth","last":30}`},
				{w: 12, h: 2, zhSay: "看三件事：\n- 下单人数和昨天、上周同一天比\n- 哪一步掉得比平时多\n- 沉默的人是不是比回流的多", enSay: "Three things to look at:\n- buyers, against yesterday and the same day last week\n- the step that loses more than usual\n- whether more people fall silent than come back"},
			},
		},
		{
			name: "acquisition", zh: "拉新与渠道", en: "Acquisition", last: 30, compare: true,
			zhSay: "人从哪里来，来了以后做了什么。", enSay: "Where people come from, and what they do then.",
			parts: []part{
				{w: 7, h: 9, zh: "新增、回流与沉默", en: "New, returning and silent", query: `{"kind":"growth","last":30,"grain":"week"}`},
				{w: 5, h: 9, zh: "各渠道活跃人数", en: "Active people by first channel", query: `{"kind":"trend","last":30,"grain":"week","series":[{"event":"","measure":"people"}],"breakdown":{"by":"first_channel","limit":6}}`},
				{w: 7, h: 9, zh: "各渠道的下单转化", en: "Conversion by first channel", query: `{"kind":"funnel","last":30,"window":"7d","steps":[{"event":"Page Viewed"},{"event":"Product Viewed"},{"event":"Order Completed"}],"breakdown":{"by":"first_channel","limit":5}}`},
				{w: 5, h: 9, zh: "到访之后", en: "After the first page", query: `{"kind":"path","last":30,"anchor":{"event":"Page Viewed"},"steps":3,"collapse":true}`},
				{w: 12, h: 8, zh: "各渠道成交额", en: "Revenue by first channel", query: `{"kind":"trend","last":30,"grain":"week","series":[{"event":"Order Completed","measure":"sum","of":"revenue"}],"breakdown":{"by":"first_channel","limit":6}}`},
			},
		},
		{
			name: "value", zh: "留存与价值", en: "Retention and value",
			zhSay: "人留下了没有，复购了没有，值多少。", enSay: "Whether people stay, buy again, and what they are worth.",
			parts: []part{
				{w: 7, h: 9, zh: "购买留存（按月）", en: "Buyers coming back, by month", query: `{"kind":"retention","last":365,"grain":"month","start":{"event":"Order Completed"},"value":true}`},
				{w: 5, h: 9, zh: "复购间隔", en: "Days between orders", query: `{"kind":"interval","last":365,"start":{"event":"Order Completed"},"end":{"event":"Order Completed"}}`},
				{w: 6, h: 9, zh: "RFM", en: "RFM", query: `{"kind":"rfm","last":365}`},
				{w: 6, h: 9, zh: "预计价值", en: "Predicted value", query: `{"kind":"ltv","last":730}`},
				{w: 6, h: 8, zh: "活跃黏性", en: "Stickiness", query: `{"kind":"stickiness","last":90}`},
				{w: 6, h: 8, zh: "人均订单数", en: "Orders per buyer", query: `{"kind":"distribution","last":365,"figure":"times","step":{"event":"Order Completed"}}`},
			},
		},
	}
}
