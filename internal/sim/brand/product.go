package brand

// product is one thing on the shelf. Prices are in fen, weight is its popularity.
type product struct {
	sku, category, name string
	tea                 bool
	price               int64
	weight              float64
}

// products are thirty teas and thirty pieces of skincare.
func products() []product {
	list := make([]product, 0, 60)
	add := func(tea bool, category, prefix string, rows ...any) {
		for i := 0; i+2 < len(rows); i += 3 {
			name, _ := rows[i].(string)
			yuan, _ := rows[i+1].(int)
			weight, _ := rows[i+2].(int)
			list = append(list, product{
				sku: prefix + string(rune('0'+(i/3+1)/10)) + string(rune('0'+(i/3+1)%10)), category: category, name: name,
				tea: tea, price: int64(yuan) * 100, weight: float64(weight),
			})
		}
	}
	add(true, "绿茶", "TG",
		"明前西湖龙井 50g", 268, 9, "雨前龙井 100g", 198, 10, "安吉白茶 50g", 158, 7, "碧螺春 50g", 188, 5, "黄山毛峰 100g", 128, 5, "龙井三角茶包 15 包", 59, 16)
	add(true, "红茶", "TB",
		"武夷正山小种 100g", 168, 8, "金骏眉 50g", 298, 4, "祁门红茶 100g", 138, 6, "滇红金针 100g", 118, 7, "玫瑰红茶茶包 12 包", 49, 14)
	add(true, "乌龙", "TW",
		"安溪铁观音 100g", 148, 7, "凤凰单丛鸭屎香 80g", 198, 9, "武夷大红袍 80g", 258, 5, "蜜桃乌龙茶包 15 包", 55, 20, "白桃乌龙冷泡 10 包", 45, 17)
	add(true, "白茶与黑茶", "TP",
		"福鼎白毫银针 50g", 328, 3, "白牡丹 100g", 178, 5, "寿眉小方片 60g", 79, 11, "老白茶饼 300g", 468, 2, "云南熟普小沱 100g", 98, 8, "古树生普饼 357g", 598, 1)
	add(true, "花草茶", "TF",
		"茉莉银针 80g", 128, 9, "桂花龙井 50g", 118, 8, "陈皮普洱 100g", 108, 8, "洛神山楂茶包 10 包", 39, 15, "菊花枸杞茶包 10 包", 36, 13)
	add(true, "茶具与礼盒", "TX",
		"随行快客杯一壶二杯", 129, 8, "四时茶礼盒", 399, 5, "试饮装五款", 29, 24)
	add(false, "洁面", "SC",
		"白茶氨基酸洁面 100ml", 89, 18, "绿茶净透洁面慕斯 150ml", 99, 11, "山茶卸妆油 150ml", 129, 12, "温和卸妆水 300ml", 79, 9, "洁面旅行装 30ml", 29, 16)
	add(false, "水与精华水", "ST",
		"白茶舒缓化妆水 200ml", 139, 13, "发酵茶精华水 150ml", 199, 9, "绿茶控油爽肤水 200ml", 119, 7, "玫瑰纯露 120ml", 109, 8)
	add(false, "精华", "SS",
		"茶多酚抗氧精华 30ml", 269, 12, "烟酰胺亮肤精华 30ml", 229, 10, "积雪草修护精华 30ml", 219, 10, "普洱紧致精华 30ml", 359, 4, "透明质酸保湿精华 30ml", 189, 9, "精华体验套装 5ml×3", 39, 22)
	add(false, "乳液面霜", "SM",
		"白茶舒缓乳 100ml", 159, 10, "山茶滋养面霜 50g", 239, 7, "绿茶水凝霜 50g", 189, 10, "普洱抗皱晚霜 50g", 399, 3, "敏肌屏障霜 50g", 209, 9, "茶籽护手霜 60g", 49, 15)
	add(false, "面膜与眼部", "SK",
		"白茶补水面膜 5 片", 69, 20, "乌龙提亮面膜 5 片", 79, 12, "茶泥清洁面膜 100g", 99, 8, "红茶紧致眼霜 15g", 249, 6, "咖啡因眼部精华 15ml", 179, 6)
	add(false, "防晒与套装", "SX",
		"轻透防晒乳 SPF50 50ml", 129, 14, "物理防晒霜 40ml", 149, 7, "舒缓三件套", 329, 7, "抗氧礼盒", 599, 3)
	return list
}
