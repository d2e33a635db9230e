package brand

// city is where a person lives. The weights are a believable skew, not statistics.
type city struct {
	name, province string
	weight         float64
}

func cities() []city {
	return []city{
		{"上海", "上海", 120},
		{"杭州", "浙江", 112},
		{"北京", "北京", 92},
		{"深圳", "广东", 74},
		{"广州", "广东", 70},
		{"成都", "四川", 66},
		{"苏州", "江苏", 44},
		{"南京", "江苏", 42},
		{"武汉", "湖北", 38},
		{"重庆", "重庆", 36},
		{"宁波", "浙江", 33},
		{"西安", "陕西", 30},
		{"长沙", "湖南", 29},
		{"厦门", "福建", 27},
		{"福州", "福建", 23},
		{"天津", "天津", 22},
		{"青岛", "山东", 21},
		{"郑州", "河南", 21},
		{"合肥", "安徽", 19},
		{"佛山", "广东", 18},
		{"无锡", "江苏", 18},
		{"温州", "浙江", 15},
		{"济南", "山东", 15},
		{"昆明", "云南", 14},
		{"东莞", "广东", 14},
		{"绍兴", "浙江", 12},
		{"嘉兴", "浙江", 12},
		{"沈阳", "辽宁", 11},
		{"大连", "辽宁", 10},
		{"南昌", "江西", 10},
		{"泉州", "福建", 9},
		{"石家庄", "河北", 8},
		{"南宁", "广西", 8},
		{"贵阳", "贵州", 7},
		{"哈尔滨", "黑龙江", 6},
		{"长春", "吉林", 5},
		{"太原", "山西", 5},
		{"海口", "海南", 4},
		{"兰州", "甘肃", 3},
		{"呼和浩特", "内蒙古", 2},
		{"乌鲁木齐", "新疆", 2},
		{"银川", "宁夏", 1.5},
		{"西宁", "青海", 1},
		{"拉萨", "西藏", .5},
	}
}

// staff is one member of staff who serves people by WeCom or at a counter.
type staff struct {
	id, name, store string
}

func team() []staff {
	return []staff{
		{"s01", "苏禾", "杭州湖滨店"},
		{"s02", "林见夏", "杭州湖滨店"},
		{"s03", "周砚", "杭州湖滨店"},
		{"s04", "何知微", "上海武康路店"},
		{"s05", "许南乔", "上海武康路店"},
		{"s06", "沈一诺", "上海武康路店"},
		{"s07", "唐小满", "成都宽窄巷子店"},
		{"s08", "罗青", "成都宽窄巷子店"},
		{"s09", "顾晚晴", "线上顾问"},
		{"s10", "陆川", "线上顾问"},
		{"s11", "温以宁", "线上顾问"},
		{"s12", "江予安", "线上顾问"},
	}
}

// names are the parts of which people's names are drawn: common surnames by weight, and syllables that read well together.
type names struct {
	surnames      []rune
	sum           []float64
	girls, boys   []rune
	girlsB, boysB []rune
	compound      []string
	mail          []string
	skins, tastes []string
	models        []string
}

func newNames() names {
	n := names{
		surnames: []rune("王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万钱严戴莫孔向常汤"),
		girls:    []rune("雨思佳梦欣子诗语若静婉雅晓芷可心依宛书清安沐念知南月云素初晨采馨慧曼"),
		girlsB:   []rune("涵怡琪彤悦妍萱瑶宁然琳菲颖婷雯洁溪禾夏瑜岚薇晴蓉柠桐璇倩"),
		boys:     []rune("子浩宇俊志文天泽明博嘉景承思家一景书修远立云启凯建国海成"),
		boysB:    []rune("轩然宇辰杰豪航睿哲铭涛鹏源恒峰霖川毅凡阳朗楠越新森骏林"),
		compound: []string{"欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "令狐"},
		mail:     []string{"cha", "shan", "yun", "he", "xi", "lan", "mo", "qing", "bai", "zhu", "ming", "yue", "song", "an", "tao", "xue"},
		skins:    []string{"干性", "油性", "混合", "敏感", "中性"},
		tastes:   []string{"清香", "浓香", "花香", "果香", "陈香", "不喝茶"},
		models:   []string{"iPhone 15", "iPhone 16 Pro", "HUAWEI Mate 60", "HUAWEI Pura 70", "Xiaomi 14", "OPPO Reno12", "vivo X100", "HONOR 200"},
	}
	n.sum = cumulate(len(n.surnames), func(i int) float64 { return 1 / (1 + float64(i)*0.14) })
	return n
}

// full draws a name.
func (n *names) full(d dice, female bool) string {
	surname := string(n.surnames[d.pick(n.sum)])
	if d.chance(0.004) {
		surname = n.compound[d.IntN(len(n.compound))]
	}
	first, second := n.boys, n.boysB
	if female {
		first, second = n.girls, n.girlsB
	}
	last := string(second[d.IntN(len(second))])
	if d.chance(0.2) {
		return surname + last
	}
	return surname + string(first[d.IntN(len(first))]) + last
}
