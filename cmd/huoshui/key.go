package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

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
	remote
	Kind string `help:"write: sends events; api: reads and operates." enum:"write,api" required:""`
	Name string `help:"What the key is for." default:"command line"`
	Role string `help:"Role of an API key." enum:"owner,operator,analyst,service" default:"service"`
}

// Run makes a key on a stopped data folder, or through a running server with an owner's API key.
func (c *keyCreateCmd) Run(ctx context.Context) error {
	if c.Server != "" {
		return c.throughServer(ctx)
	}
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

func (c *keyCreateCmd) throughServer(ctx context.Context) error {
	in := map[string]string{"kind": c.Kind, "name": c.Name}
	if c.Kind == "api" {
		in["role"] = c.Role
	}
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	var out struct {
		Secret string `json:"secret"`
	}
	if err := c.call(ctx, http.MethodPost, "/keys", "application/json", bytes.NewReader(body), &out); err != nil {
		return err
	}
	_, err = fmt.Println(out.Secret)
	return err
}
