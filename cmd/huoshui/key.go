package main

import (
	"context"
	"fmt"

	"github.com/huoshui/huoshui/internal/app"
	"github.com/huoshui/huoshui/internal/base/actor"
	"github.com/huoshui/huoshui/internal/base/auth"
	"github.com/huoshui/huoshui/internal/base/config"
)

type keyCmd struct {
	Create keyCreateCmd `cmd:"" help:"Make a key and print it; it is shown this once."`
}

type keyCreateCmd struct {
	config.Place
	Kind string `help:"write: sends events; api: reads and operates." enum:"write,api" required:""`
	Name string `help:"What the key is for." default:"command line"`
	Role string `help:"Role of an API key." enum:"owner,operator,analyst,service" default:"service"`
}

// Run makes a key on a stopped data folder.
func (c *keyCreateCmd) Run(ctx context.Context) error {
	return onData(ctx, c.Place, func(ctx context.Context, a *app.App) error {
		in := auth.CreateKeyInput{Kind: auth.WriteKind, Name: c.Name}
		if c.Kind == "api" {
			in.Kind, in.Role = auth.APIKind, actor.Role(c.Role)
		}
		k, err := a.Auth.CreateKey(actor.With(ctx, actor.Itself()), in)
		if err != nil {
			return err
		}
		_, err = fmt.Println(k.Secret)
		return err
	})
}
