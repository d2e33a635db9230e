package alert

import (
	"fmt"
	"math"
	"strconv"

	"github.com/huoshui/huoshui/internal/base/mail"
	"github.com/huoshui/huoshui/internal/base/money"
)

// sentence says an alert in one sentence.
func sentence(a Alert, language string) string {
	zh := language != "en"
	say := func(chinese, english string) string {
		if zh {
			return chinese
		}
		return english
	}
	name := a.Metric.Title(say)
	days := a.Peak
	value, expected := figure(a, a.Value, say), figure(a, a.Expected, say)
	change := ""
	if a.Expected > 0 {
		change = fmt.Sprintf("%+.0f%%", 100*(a.Value-a.Expected)/a.Expected)
	}
	if zh {
		side := "偏低"
		if a.Up {
			side = "偏高"
		}
		if change != "" {
			change = "（" + change + "）"
		}
		return fmt.Sprintf("%s %s异常%s：实际 %s，预期约 %s%s，正常范围 %s 至 %s。", days, name, side, value, expected, change, figure(a, a.Low, say), figure(a, a.High, say))
	}
	side := "unusually low"
	if a.Up {
		side = "unusually high"
	}
	if change != "" {
		change = " (" + change + ")"
	}
	return fmt.Sprintf("%s on %s: %s at %s, about %s expected%s, usual between %s and %s.", name, days, side, value, expected, change, figure(a, a.Low, say), figure(a, a.High, say))
}

// figure writes a value with its unit.
func figure(a Alert, v float64, say func(zh, en string) string) string {
	whole := strconv.FormatInt(int64(math.Round(v)), 10)
	switch a.Unit {
	case "money":
		return money.Amount{Minor: int64(math.Round(v)), Currency: a.Currency}.String()
	case "share":
		return strconv.FormatFloat(100*v, 'f', 2, 64) + "%"
	case "people":
		return whole + say(" 人", " people")
	case "orders":
		return whole + say(" 单", " orders")
	case "events":
		return whole + say(" 个事件", " events")
	}
	return whole
}

// letter is the alert as an e-mail.
func (s *Service) letter(a Alert, d Delivery, language string) mail.Message {
	text := sentence(a, language)
	subject, foot := s.o.Pool()+"：", "在控制台“洞察 · 健康度”中查看走势和背后的用户；在同一页调整灵敏度、静音或停止告警。"
	if language == "en" {
		subject, foot = s.o.Pool()+": ", "See the trend and the people behind it in the console under Insight, Health; there you can also change the sensitivity, mute or end these alerts."
	}
	title := a.Metric.Title(func(zh, en string) string {
		if language == "en" {
			return en
		}
		return zh
	})
	return mail.Message{To: []string{d.Target}, Subject: subject + title + " " + a.Peak, Text: text + "\n\n" + foot + "\n", Key: fmt.Sprintf("alert-%d-%d", a.ID, d.ID)}
}
