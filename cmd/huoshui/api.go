package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/huoshui/huoshui/internal/app"
)

type apiCmd struct {
	Spec apiSpecCmd `cmd:"" help:"Print the OpenAPI 3.1 description of the API."`
}

type apiSpecCmd struct{}

// Run describes the API of an empty pool in a temporary folder.
func (c *apiSpecCmd) Run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "huoshui-spec-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
	a, err := app.Open(ctx, app.Options{Data: dir, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // nothing was written
	return a.API.WriteSpec(os.Stdout)
}
