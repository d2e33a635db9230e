package shape

import "github.com/huoshui/huoshui/internal/pool/event"

// Field is something that a preset knows what to do with.
type Field struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	TitleZH  string `json:"title_zh"`
	Required bool   `json:"required"`
	Help     string `json:"help"`
	HelpZH   string `json:"help_zh"`
}

// Names of fields.
const (
	fieldOrder, fieldTime, fieldCustomer          = "order_id", "time", "customer"
	fieldProduct, fieldSKU, fieldName             = "product_id", "sku", "name"
	fieldCategory, fieldQuantity, fieldPrice      = "category", "quantity", "price"
	fieldCurrency, fieldStatus, fieldEvent        = "currency", "status", "event"
	fieldID                                       = "id"
	identityFieldHelp, identityFieldHelpZH        = "Says who it is. At least one identity is needed.", "说明是谁。至少需要一个身份。"
	timeHelp, timeHelpZH                          = "Years first, Excel dates and Unix times are understood; for 31/12/2026 choose the layout DMY, for 12/31/2026 MDY.", "年月日顺序、Excel 日期与 Unix 时间均可识别；31/12/2026 请选择 DMY，12/31/2026 请选择 MDY。"
	fieldUser, fieldPhone, fieldEmail             = event.UserID, event.Phone, event.Email
	fieldMember, fieldUnion, fieldOpen, fieldWeCo = event.MemberNo, event.UnionID, event.OpenID, event.ExternalUserID
)

// Fields of a preset, in the order in which people think of them. Identity kinds that are declared later are mapped under "identities".
func Fields(p Preset) []Field {
	identities := []Field{
		{fieldUser, "User ID", "用户号", false, identityFieldHelp, identityFieldHelpZH},
		{fieldMember, "Member number", "会员号", false, identityFieldHelp, identityFieldHelpZH},
		{fieldPhone, "Phone", "手机号", false, identityFieldHelp, identityFieldHelpZH},
		{fieldEmail, "E-mail", "邮箱", false, identityFieldHelp, identityFieldHelpZH},
		{fieldUnion, "WeChat UnionID", "微信 UnionID", false, identityFieldHelp, identityFieldHelpZH},
		{fieldOpen, "WeChat OpenID", "微信 OpenID", false, identityFieldHelp, identityFieldHelpZH},
		{fieldWeCo, "WeCom external contact", "企业微信外部联系人", false, identityFieldHelp, identityFieldHelpZH},
	}
	switch p {
	case People:
		return append(identities,
			Field{fieldTime, "Known since", "登记时间", false, "When this was known, such as the registration; without it, the time of the import. " + timeHelp, "资料的时间，如注册时间；没有则为导入时间。" + timeHelpZH},
			Field{fieldID, "Row ID", "行编号", false, "Tells rows apart for good; without it, their content does.", "行的唯一编号；没有则以内容区分。"})
	case Events:
		return append([]Field{
			{fieldEvent, "Event name", "事件名", false, "What happened; one name for all rows can be given instead.", "发生了什么；也可以为所有行指定同一个名称。"},
			{fieldTime, "Time", "时间", true, timeHelp, timeHelpZH},
			{fieldID, "Event ID", "事件编号", false, "Tells events apart for good; without it, their content does.", "事件的唯一编号；没有则以内容区分。"},
		}, identities...)
	case OrderLines:
		return []Field{
			{fieldOrder, "Order number", "订单号", true, "Lines with the same number are one order.", "相同订单号的行合并为一个订单。"},
			{fieldTime, "Order time", "下单时间", true, "The earliest of the order's lines. " + timeHelp, "取订单各行中最早的时间。" + timeHelpZH},
			{fieldCustomer, "Customer", "客户", true, "The customer's number in the shop (User ID); a phone, e-mail or member number can be mapped instead or as well.", "客户在店铺中的编号（用户号）；也可以改用或同时映射手机号、邮箱、会员号。"},
			{fieldQuantity, "Quantity", "数量", true, "How many pieces.", "件数。"},
			{fieldPrice, "Unit price", "单价", true, "Of one piece, in whole units of the currency.", "每件价格，以元为单位。"},
			{fieldProduct, "Product ID", "商品编号", false, "The product's number in the shop.", "商品在店铺中的编号。"},
			{fieldSKU, "SKU", "SKU", false, "The stock-keeping unit.", "规格编码。"},
			{fieldName, "Product name", "商品名称", false, "As customers see it.", "顾客看到的名称。"},
			{fieldCategory, "Category", "类目", false, "The product's category.", "商品类目。"},
			{fieldCurrency, "Currency", "币种", false, "ISO code such as CNY; without it, the pool's currency.", "ISO 代码，如 CNY；没有则为用户池的币种。"},
			{fieldStatus, "Status", "订单状态", false, "Lines that are cancelled, closed or refunded become \"Order Cancelled\".", "已取消、已关闭或已退款的行成为“订单取消”。"},
		}
	}
	return nil
}

// fieldKind is the identity kind that a field stands for, if any.
func fieldKind(field string) (string, bool) {
	switch field {
	case fieldCustomer:
		return event.UserID, true
	case fieldUser, fieldMember, fieldPhone, fieldEmail, fieldUnion, fieldOpen, fieldWeCo:
		return field, true
	}
	return "", false
}
