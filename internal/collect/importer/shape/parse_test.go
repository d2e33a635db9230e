package shape_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/base/money"
	"github.com/huoshui/huoshui/internal/collect/importer/shape"
)

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"6": "6", "2.55": "2.55", " 2.550 ": "2.55", "-1": "-1", "+1.0": "1", "0.0": "0", "-0": "0", ".5": "0.5", "5.": "5",
		"1,234,567.80": "1234567.8", "¥12": "12", "￥１２．５０": "12.5", "12元": "12", "$ 3": "3", "-$3": "-3", "(4.50)": "-4.5", "1.2E3": "1200",
		"12e-2": "0.12", "0.001": "0.001", "999999999999999999": "999999999999999999", "1.000000000000000000000": "1", "−5": "-5",
	} {
		d, err := shape.ParseDecimal(text)
		require.NoError(t, err, text)
		require.Equal(t, want, d.String(), text)
	}
	for text, want := range map[string]error{
		"": shape.ErrNumber, "one": shape.ErrNumber, "1 2x": shape.ErrNumber, "--1": shape.ErrNumber, "1.2.3": shape.ErrNumber, "0x10": shape.ErrNumber,
		"1_000": shape.ErrNumber, "NaN": shape.ErrNumber, "Inf": shape.ErrNumber, "1e999": shape.ErrNumber, "1/2": shape.ErrNumber, ".": shape.ErrNumber,
		"12,50": shape.ErrGrouping, "1,23,456": shape.ErrGrouping, ",123": shape.ErrGrouping, "1234,567": shape.ErrGrouping,
		"1234567890123456789": shape.ErrDigits, "1e30": shape.ErrDigits,
	} {
		_, err := shape.ParseDecimal(text)
		require.ErrorIs(t, err, want, text)
	}
}

// FuzzParseDecimal: whatever is read as a number is the number that money reads, written as valid JSON.
func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"2.55", "-1,234.5", "12,50", "¥12.00", "(3)", "1e5", "１２", "0.000000000000000001", "1e-18"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := shape.ParseDecimal(s)
		if err != nil {
			return
		}
		require.True(t, json.Valid([]byte(d.String())), "%q gives %q", s, d)
		again, err := shape.ParseDecimal(d.String())
		require.NoError(t, err)
		require.Equal(t, d, again)
		if strings.ContainsAny(s, "eE") {
			return // money bounds the length of what it reads
		}
		if r, err := money.Decimal(s); err == nil {
			back, err := money.Decimal(d.String())
			require.NoError(t, err)
			require.Zero(t, r.Cmp(back), "%q is %s, not %s", s, r, d)
		}
	})
}

func TestMoments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ layout, text, want string }{
		{"", "2010-12-01 08:26:00", "2010-12-01T00:26:00Z"},
		{"", "2010-12-01T08:26:00", "2010-12-01T00:26:00Z"},
		{"", "2010-12-01T08:26:00Z", "2010-12-01T08:26:00Z"},
		{"", "2010-12-01T08:26:00.123456789+02:00", "2010-12-01T06:26:00.123456Z"},
		{"", "2010-12-01 08:26:00 +0800", "2010-12-01T00:26:00Z"},
		{"", "2010-12-01 08:26 UTC", "2010-12-01T08:26:00Z"},
		{"", "2010-12-01", "2010-11-30T16:00:00Z"},
		{"", "2010/12/1 8:26", "2010-12-01T00:26:00Z"},
		{"", "2010.12.01", "2010-11-30T16:00:00Z"},
		{"", "2010年12月1日", "2010-11-30T16:00:00Z"},
		{"", "2010年12月1日 8时26分30秒", "2010-12-01T00:26:30Z"},
		{"", "2010年12月1日 下午3:05", "2010-12-01T07:05:00Z"},
		{"", "2010-12-01 上午12:05", "2010-11-30T16:05:00Z"},
		{"", "2010-12-01 12:05 PM", "2010-12-01T04:05:00Z"},
		{"", "20101201", "2010-11-30T16:00:00Z"},
		{"", "20101201082600", "2010-12-01T00:26:00Z"},
		{"", "1291163160", "2010-12-01T00:26:00Z"},
		{"", "1291163160000", "2010-12-01T00:26:00Z"},
		{"", "1291163160.5", "2010-12-01T00:26:00.5Z"},
		{"", "31/12/2010", "2010-12-30T16:00:00Z"},
		{"", "12/31/2010 8:26", "2010-12-31T00:26:00Z"},
		{"", "5/5/2010", "2010-05-04T16:00:00Z"},
		{"", "1.2.2010", "2010-01-31T16:00:00Z"},
		{"", "1 Dec 2010 08:26", "2010-12-01T00:26:00Z"},
		{"", "Wed, 01 Dec 2010 08:26:00 GMT", "2010-12-01T08:26:00Z"},
		{"", "2024-02-29", "2024-02-28T16:00:00Z"},
		{"DMY", "1/2/2010", "2010-01-31T16:00:00Z"},
		{"MDY", "1/2/2010", "2010-01-01T16:00:00Z"},
		{"MDY", "2010-12-01 08:26:00", "2010-12-01T00:26:00Z"},
		{"unix", "0.5", "1970-01-01T00:00:00.5Z"},
		{"unix_ms", "1500", "1970-01-01T00:00:01.5Z"},
		{"excel", "40513.35138888889", "2010-12-01T00:26:00Z"},
		{"excel", "40513", "2010-11-30T16:00:00Z"},
		{"YYYY-MM-DD HH:mm", "2010-12-01 08:26", "2010-12-01T00:26:00Z"},
		{"DD/MM/YY HH:mm:ss", "01/12/10 08:26:30", "2010-12-01T00:26:30Z"},
		{"02.01.2006", "01.12.2010", "2010-11-30T16:00:00Z"},
	} {
		m, err := shape.NewMoments(c.layout, "Asia/Shanghai", false)
		require.NoError(t, err)
		us, err := m.Parse(c.text)
		require.NoError(t, err, "%s as %q", c.text, c.layout)
		require.Equal(t, c.want, time.UnixMicro(us).UTC().Format(time.RFC3339Nano), "%s as %q", c.text, c.layout)
	}
	m, err := shape.NewMoments("", "UTC", false)
	require.NoError(t, err)
	for text, want := range map[string]error{
		"": shape.ErrTime, "soon": shape.ErrTime, "2010-13-01": shape.ErrTime, "2010-02-30": shape.ErrTime, "2010-12-01 25:00": shape.ErrTime,
		"2010-12-01 08:60": shape.ErrTime, "2010-12-01 08:26:61": shape.ErrTime, "2010-12-01x": shape.ErrTime, "45123.5": shape.ErrTime,
		"1/2/2010": shape.ErrAmbiguous, "12-11-2010 8:26": shape.ErrAmbiguous, "1/2/10": shape.ErrTime, "20101301": shape.ErrTime,
		"2010-12-01 +99:00": shape.ErrTime, "99999999999999999999": shape.ErrTime, "2010-12-01 13:00 上午": shape.ErrTime,
	} {
		_, err := m.Parse(text)
		require.ErrorIs(t, err, want, "%q", text)
	}
	for _, bad := range []string{"HH:mm", "YYYY", "tomorrow"} {
		_, err := shape.NewMoments(bad, "UTC", false)
		require.Error(t, err, bad)
	}
	_, err = shape.NewMoments("", "Mars/Olympus", false)
	require.Error(t, err)
}

// FuzzMoments: no text is a panic, and what is read is a time that can be written.
func FuzzMoments(f *testing.F) {
	for _, s := range []string{"2010-12-01 08:26:00", "1/13/2010 2:05 PM", "2010年12月1日 下午3点", "1291163160", "45123.5", "2010-12-01T08:26:00.5+08", "0001-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, layout := range []string{"", "DMY", "MDY", "unix", "unix_ms", "excel", "YYYY-MM-DD"} {
			m, err := shape.NewMoments(layout, "Asia/Shanghai", true)
			require.NoError(t, err)
			us, err := m.Parse(s)
			if err == nil && layout == "" {
				require.NotPanics(t, func() { _ = time.UnixMicro(us).UTC().Format(time.RFC3339) })
			}
		}
		shape.GuessLayout([]string{s})
	})
}

func TestGuessLayout(t *testing.T) {
	t.Parallel()
	require.Equal(t, "DMY", shape.GuessLayout([]string{"1/2/2010", "13/2/2010 8:00", "x"}))
	require.Equal(t, "MDY", shape.GuessLayout([]string{"1/2/2010", "2/13/2010"}))
	require.Empty(t, shape.GuessLayout([]string{"1/2/2010", "2010-01-13"}))
	require.Empty(t, shape.GuessLayout([]string{"13/2/2010", "2/13/2010"}), "a column that is both is neither")
}

// FuzzGuess: no header is a panic, and every column that is mapped is one of the file's.
func FuzzGuess(f *testing.F) {
	f.Add("InvoiceNo,StockCode,Quantity,UnitPrice,CustomerID")
	f.Add("订单号,下单时间,手机号,数量,单价(元)")
	f.Add("type,userId,traits.email,properties.x,timestamp")
	f.Add("(,（,.,a.b.,")
	f.Fuzz(func(t *testing.T, header string) {
		columns := strings.Split(header, ",")
		for _, g := range []shape.Guess{
			shape.GuessFrom(columns, nil), shape.GuessAs(shape.People, columns, nil), shape.GuessAs(shape.OrderLines, columns, [][]string{columns}),
		} {
			for _, group := range []map[string]string{g.Mapping.Fields, g.Mapping.Traits, g.Mapping.Properties, g.Mapping.Identities} {
				for _, c := range group {
					require.Contains(t, columns, c)
				}
			}
			text, err := json.Marshal(g.Mapping)
			require.NoError(t, err)
			var back shape.Mapping
			require.NoError(t, json.Unmarshal(text, &back))
		}
	})
}
