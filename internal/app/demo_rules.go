package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/huoshui/huoshui/internal/pool/segment"
	"github.com/huoshui/huoshui/internal/pool/tag"
	"github.com/huoshui/huoshui/internal/pool/tier"
)

// demoRules gives the demo brand the tags, tiers, segments and boards that an operator would begin with. Made twice, they are made once.
func (a *App) demoRules(ctx context.Context) error {
	// Rules are checked against what the pool has seen, which is read every few seconds.
	if _, err := a.Book.Look(ctx); err != nil {
		return err
	}
	for _, make := range []func(context.Context) error{a.demoTags, a.demoTiers, a.demoSegments, a.demoBoards} {
		if err := make(ctx); err != nil {
			return fmt.Errorf("make the demo's rules: %w", err)
		}
	}
	return nil
}

func (a *App) demoTags(ctx context.Context) error {
	var errs []error
	for _, g := range []tag.GroupInput{
		{Key: "taste", Title: "口味偏好", Description: "近一年常看哪一类茶", Color: "#0e7c86"},
		{Key: "service", Title: "服务等级", Description: "由客服标记，一人只有一个", Exclusive: true, Color: "#b4531a"},
	} {
		_, err := a.Tags.CreateGroup(ctx, g, "demo-group-"+g.Key)
		errs = append(errs, err)
	}
	for _, t := range []tag.CreateInput{
		{Key: "green-tea", Title: "绿茶爱好者", Group: "taste", Mode: tag.ByRule, Rule: `count("Product Viewed", "365d", event.category == "绿茶") >= 5`},
		{Key: "oolong", Title: "乌龙爱好者", Group: "taste", Mode: tag.ByRule, Rule: `count("Product Viewed", "365d", event.category == "乌龙") >= 5`},
		{Key: "reviewer", Title: "爱写评价", Mode: tag.ByRule, Rule: `count("Product Reviewed", "365d") >= 1`},
		{Key: "vip-care", Title: "重点关怀", Group: "service", Description: "专属客服跟进"},
		{Key: "careful", Title: "谨慎沟通", Group: "service", Description: "曾投诉，少打扰", ExpiresDays: 90},
	} {
		_, err := a.Tags.Create(ctx, t, "demo-tag-"+t.Key)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (a *App) demoTiers(ctx context.Context) error {
	var errs []error
	for _, t := range []tier.Input{
		{Key: "lifecycle", Title: "生命周期", Template: tier.ByLifecycle},
		{Key: "activity", Title: "活跃度", Template: tier.ByActivity},
		{Key: "value", Title: "价值（RFM）", Template: tier.ByRFM},
		{Key: "intention", Title: "购买意向", Template: tier.ByIntention},
	} {
		_, err := a.Tiers.Create(ctx, t, "demo-tier-"+t.Key)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (a *App) demoSegments(ctx context.Context) error {
	var errs []error
	for _, s := range []segment.CreateInput{
		{Key: "repeat-buyers", Title: "90 天复购客", Description: "近 90 天至少下过两单", Rule: `count("Order Completed", "90d") >= 2`},
		{Key: "cart-no-order", Title: "加购未下单", Description: "近 7 天加过购物车，却没有下单", Rule: `count("Product Added", "7d") >= 1 && count("Order Completed", "7d") == 0`},
		{Key: "big-spenders", Title: "年消费过千", Description: "近一年实付满 1000 元，没有谨慎沟通标签", Rule: `sum("Order Completed", "revenue", "365d") >= 1000.0 && !has_tag("careful")`},
		{Key: "coupon-waiting", Title: "领券未用", Description: "近 30 天领过券而没有下单", Rule: `count("Coupon Claimed", "30d") >= 1 && count("Order Completed", "30d") == 0`},
		{Key: "going-silent", Title: "即将沉默的老客", Description: "买过两次以上，30 到 60 天没有来过", Rule: `count("Order Completed", "all") >= 2 && active_days("30d") == 0 && active_days("60d") >= 1`},
		{Key: "content-no-order", Title: "只看内容不买", Description: "近 30 天读过 3 篇以上内容，从未下单", Rule: `count("Content Read", "30d") >= 3 && count("Order Completed", "all") == 0`},
	} {
		_, err := a.Segments.Create(ctx, s, "demo-segment-"+s.Key)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
