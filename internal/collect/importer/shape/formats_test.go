package shape_test

import (
	"encoding/csv"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/huoshui/huoshui/internal/collect/importer/shape"
)

// TestFormats: the same orders give the same events from UTF-8, GB18030, UTF-16 and Excel, where dates are day numbers and prices binary
// fractions.
func TestFormats(t *testing.T) {
	t.Parallel()
	text := "订单号,下单时间,客户编号,商品名称,数量,单价\n" +
		"A1,2023-07-16 12:00:00,17850,白牡丹,3,2.55\n" +
		"A1,2023-07-16 12:00:30,17850,茶巾,1,0.3\n" +
		"A2,2023-07-17 08:26:00,17851,面霜,2,128\n" +
		"A3,2023-07-17 08:26:00,,面霜,2,128\n"
	events := func(path string) []string {
		got, rows, err := read(t.Context(), path, shape.OrderLines, shape.Options{Currency: "CNY", TimeZone: "Asia/Shanghai"}, shape.Limits{}, nil)
		require.NoError(t, err)
		require.EqualValues(t, 4, rows)
		require.Equal(t, map[string]int{"customer.missing": 1}, got.codes())
		var out []string
		for i := range got.events {
			out = append(out, show(&got.events[i]))
		}
		return out
	}
	want := events(write(t, text))
	require.Len(t, want, 2)
	require.Contains(t, strings.Join(want, "\n"), `"revenue":7.95`)

	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	require.NoError(t, err)
	require.Equal(t, want, events(write(t, gb)))
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(text, ",", "\t"))
	require.NoError(t, err)
	require.Equal(t, want, events(write(t, wide)), "Excel's \"Unicode text\"")

	f := excelize.NewFile()
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	days := map[string]float64{"2023-07-16 12:00:00": 45123.5, "2023-07-16 12:00:30": 45123.5 + 30.0/86400, "2023-07-17 08:26:00": 45124 + 506.0/1440}
	for y, cells := range records {
		for x, c := range cells {
			var v any = c
			if n, err := strconv.ParseFloat(c, 64); err == nil {
				v = n
			} else if d, ok := days[c]; ok {
				v = d
			}
			at, err := excelize.CoordinatesToCellName(x+1, y+1)
			require.NoError(t, err)
			require.NoError(t, f.SetCellValue("Sheet1", at, v))
		}
	}
	path := filepath.Join(t.TempDir(), "orders.xlsx")
	require.NoError(t, f.SaveAs(path))
	require.Equal(t, want, events(path))
}

// TestPresetOf guesses what files are from headers as shops and systems write them.
func TestPresetOf(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]shape.Preset{
		"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country":                shape.OrderLines,
		"订单编号,买家会员名,宝贝标题,购买数量,价格,订单创建时间,订单状态":                                                              shape.OrderLines,
		"order_sn,goods_name,goods_id,num,price,mobile,pay_time":                                           shape.OrderLines,
		"event,timestamp,distinct_id,user_id":                                                              shape.Events,
		"事件名,发生时间,用户ID,页面":                                                                                 shape.Events,
		"姓名,手机号,城市":                                                                                        shape.People,
		"rec_id,given_name,surname,date_of_birth,soc_sec_id":                                               shape.People,
		"type,event,userId,anonymousId,properties.revenue,timestamp,messageId,context.ip,traits.plan,sent": shape.Events,
	} {
		require.Equal(t, want, shape.GuessFrom(strings.Split(header, ","), nil).Preset, header)
	}
}
