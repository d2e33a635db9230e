package shape

import (
	"slices"
	"strings"
	"unicode"

	"github.com/huoshui/huoshui/internal/pool/event"
)

// Guess is what a file seems to be.
type Guess struct {
	Preset  Preset
	Mapping Mapping
	Options Options // the time layout, if the times show it
}

// words are the headers by which a field is known, as squeeze writes them. The first is the surest: where two columns could be the
// same field, the one whose word comes first is taken.
func words(field string) []string {
	switch field {
	case fieldOrder:
		return []string{"orderid", "orderno", "ordernumber", "ordernum", "ordersn", "invoiceno", "invoice", "invoicenumber", "invoiceid", "transactionid", "tradeno", "tid", "订单号", "订单编号", "订单id", "主订单编号", "主订单号", "父订单号", "交易号", "交易编号", "单号", "订单", "发票号", "流水号", "小票号", "order", "ordername"}
	case fieldTime:
		return []string{"time", "timestamp", "eventtime", "ordertime", "orderdate", "invoicedate", "occurredat", "paidat", "paytime", "createdat", "createtime", "created", "createdtime", "date", "datetime", "purchasedate", "transactiondate", "下单时间", "订单创建时间", "付款时间", "支付时间", "订单付款时间", "成交时间", "交易时间", "订单时间", "下单日期", "创建时间", "发生时间", "事件时间", "时间", "日期", "注册时间", "入会时间", "注册日期", "入会日期", "registeredat", "registrationdate", "signupdate", "joinedat", "joindate"}
	case fieldCustomer:
		return []string{"customerid", "customer", "customerno", "customernumber", "buyerid", "buyer", "buyernick", "userid", "uid", "memberid", "masterid", "clientid", "客户", "客户id", "客户号", "客户编号", "客户编码", "顾客", "顾客编号", "买家", "买家id", "买家昵称", "买家会员名", "买家账号", "用户id", "用户编号", "用户号", "用户", "下单用户"}
	case fieldUser:
		return []string{"userid", "uid", "customerid", "clientid", "accountid", "用户id", "用户编号", "用户号", "客户id", "客户编号", "客户号", "客户编码", "顾客编号", "账号", "user", "customer"}
	case fieldMember:
		return []string{"memberno", "membernumber", "membernum", "membershipno", "memberid", "membercard", "membercardno", "cardno", "loyaltyid", "会员号", "会员编号", "会员卡号", "会员id", "卡号"}
	case fieldPhone:
		return []string{"phone", "mobile", "phonenumber", "mobilephone", "mobilenumber", "cellphone", "cell", "tel", "telephone", "手机号", "手机", "手机号码", "电话", "电话号码", "联系电话", "联系手机", "移动电话", "收货人手机", "收货人手机号", "收件人手机", "买家手机", "买家手机号", "会员手机号"}
	case fieldEmail:
		return []string{"email", "emailaddress", "mail", "邮箱", "电子邮箱", "邮箱地址", "电子邮件", "邮件"}
	case fieldUnion:
		return []string{"unionid", "wechatunionid", "微信unionid"}
	case fieldOpen:
		return []string{"openid", "wechatopenid", "微信openid"}
	case fieldWeCo:
		return []string{"externaluserid", "外部联系人id", "企业微信外部联系人id"}
	case fieldProduct:
		return []string{"productid", "productno", "productcode", "stockcode", "itemid", "itemno", "itemcode", "goodsid", "goodsno", "spu", "商品编号", "商品编码", "商品id", "商品货号", "货号", "产品编号", "产品编码", "商家编码"}
	case fieldSKU:
		return []string{"sku", "skuid", "skucode", "variantsku", "lineitemsku", "规格编码", "规格编号", "sku编码", "sku编号", "skuid编码", "商品规格编码"}
	case fieldName:
		return []string{"productname", "product", "itemname", "item", "description", "title", "goodsname", "lineitemname", "name", "商品名称", "商品", "商品名", "商品标题", "宝贝标题", "标题", "产品名称", "产品", "品名", "名称"}
	case fieldCategory:
		return []string{"category", "productcategory", "类目", "商品类目", "品类", "分类", "商品分类"}
	case fieldQuantity:
		return []string{"quantity", "qty", "count", "units", "num", "lineitemquantity", "cds", "数量", "商品数量", "购买数量", "件数", "宝贝数量", "销售数量", "成交数量"}
	case fieldPrice:
		return []string{"unitprice", "price", "itemprice", "lineitemprice", "saleprice", "单价", "商品单价", "成交单价", "商品价格", "价格", "售价", "实付单价"}
	case fieldCurrency:
		return []string{"currency", "currencycode", "币种", "货币"}
	case fieldStatus:
		return []string{"status", "orderstatus", "financialstatus", "状态", "订单状态", "交易状态"}
	case fieldEvent:
		return []string{"event", "eventname", "eventtype", "action", "activity", "事件", "事件名", "事件名称", "行为", "动作"}
	case fieldID:
		return []string{"messageid", "eventid", "eventuuid", "uuid", "insertid", "事件id", "事件编号", "消息id"}
	}
	return nil
}

// squeeze makes headers comparable: lower case, letters and digits only, nothing in brackets at the end ("单价(元)").
func squeeze(header string) string {
	if i := strings.IndexAny(header, "(（[【"); i > 0 {
		header = header[:i]
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '！' && r <= '～':
			r = r - '！' + '!'
		}
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, header)
}

// GuessFrom reads the headers, and the times among some rows, and says what the file seems to be.
func GuessFrom(columns []string, rows [][]string) Guess {
	if segmentShaped(columns) {
		return Guess{Preset: Events, Mapping: Mapping{Fields: map[string]string{}}}
	}
	var best Guess
	for _, p := range []Preset{OrderLines, Events, People} {
		g := Guess{Preset: p, Mapping: guessMapping(p, columns)}
		if convincing(p, g.Mapping) || p == People {
			best = g
			break
		}
	}
	return best.withLayout(columns, rows)
}

// GuessAs is GuessFrom for a preset that is known.
func GuessAs(p Preset, columns []string, rows [][]string) Guess {
	if segmentShaped(columns) && p != OrderLines {
		return Guess{Preset: p, Mapping: Mapping{Fields: map[string]string{}}}
	}
	return Guess{Preset: p, Mapping: guessMapping(p, columns)}.withLayout(columns, rows)
}

func (g Guess) withLayout(columns []string, rows [][]string) Guess {
	at := slices.Index(columns, g.Mapping.Fields[fieldTime])
	if at < 0 {
		return g
	}
	var times []string
	for _, r := range rows {
		if at < len(r) {
			times = append(times, r[at])
		}
	}
	g.Options.TimeLayout = GuessLayout(times)
	return g
}

// segmentShaped knows exports of the Segment protocol by their columns: they say themselves what is what.
func segmentShaped(columns []string) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(columns, func(c string) bool { return c == name || strings.HasPrefix(c, name+".") })
	}
	who := has("userId") || has("anonymousId")
	return who && (has("type") || has("event") || has("traits")) && (has("properties") || has("traits") || has("type"))
}

func convincing(p Preset, m Mapping) bool {
	f := m.Fields
	switch p {
	case OrderLines:
		return f[fieldOrder] != "" && f[fieldQuantity] != "" && f[fieldPrice] != ""
	case Events:
		return f[fieldEvent] != "" && f[fieldTime] != ""
	case People:
		return true
	}
	return false
}

func guessMapping(p Preset, columns []string) Mapping {
	m := Mapping{Fields: map[string]string{}}
	squeezed := make([]string, len(columns))
	for i, c := range columns {
		squeezed[i] = squeeze(c[strings.LastIndexByte(c, '.')+1:]) // "traits.phone" of a JSON file is a phone
	}
	taken := map[string]bool{}
	find := func(field string) string {
		for _, w := range words(field) {
			for i, c := range columns {
				if squeezed[i] == w && !taken[c] {
					taken[c] = true
					return c
				}
			}
		}
		return ""
	}
	for _, f := range Fields(p) {
		if c := find(f.Name); c != "" {
			m.Fields[f.Name] = c
		}
	}
	if p == OrderLines {
		m.Identities = map[string]string{}
		for _, kind := range []string{event.MemberNo, event.Phone, event.Email, event.UnionID, event.OpenID} {
			if c := find(kind); c != "" {
				m.Identities[kind] = c
			}
		}
	}
	rest := map[string]string{}
	for i, c := range columns {
		if !taken[c] {
			rest[nameFor(c, squeezed[i])] = c
		}
	}
	if p == People {
		m.Traits = rest
	} else {
		m.Properties = rest
	}
	return m
}

// nameFor is the name under which a column that is no field is kept: the known ones by the words of the Segment specification.
func nameFor(column, squeezed string) string {
	switch squeezed {
	case "姓名", "名字", "客户姓名", "会员姓名", "name", "fullname", "customername":
		return "name"
	case "昵称", "nickname":
		return "nickname"
	case "firstname", "givenname", "名":
		return "first_name"
	case "lastname", "surname", "familyname", "姓":
		return "last_name"
	case "性别", "gender", "sex":
		return "gender"
	case "生日", "出生日期", "birthday", "birthdate", "dateofbirth", "dob":
		return "birthday"
	case "年龄", "age":
		return "age"
	case "城市", "所在城市", "city":
		return "city"
	case "省份", "省", "所在省份", "province":
		return "province"
	case "国家", "country":
		return "country"
	case "地址", "address":
		return "address"
	case "渠道", "来源渠道", "channel":
		return "channel"
	case "来源", "source":
		return "source"
	case "门店", "店铺", "store", "shop":
		return "store"
	case "等级", "会员等级", "level":
		return "level"
	}
	return column
}

// LayoutOf looks at the times of some rows under a mapping and says how their days and months are ordered, "" if that is clear anyway.
func LayoutOf(m Mapping, columns []string, rows [][]string) string {
	return Guess{Mapping: m}.withLayout(columns, rows).Options.TimeLayout
}
