// Package config is what the program can be told: by flags, by HUOSHUI_* variables, by a file; the first of these that says something wins.
//
// The structs carry kong's tags and are embedded into the commands of cmd/huoshui. Every setting has one name: the flag --log-level is
// the variable HUOSHUI_LOG_LEVEL and the key log-level (or log_level) of the file.
package config

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/huoshui/huoshui/internal/base/fault"
)

// Prefix begins the names of all variables.
const Prefix = "HUOSHUI"

// Place is where the pool is; every command that works on one takes it.
type Place struct {
	Config    kong.ConfigFlag `help:"Settings file (YAML); flags and variables win over it."                                                placeholder:"FILE"`
	Data      string          `help:"Data folder."                                                                                           default:"./huoshui-data" type:"path"`
	StateURL  string          `help:"State store: empty for SQLite in the data folder, or postgres://…"                                      placeholder:"URL"`
	LogURL    string          `help:"Event log: empty for the embedded one in the data folder, or nats://…"                                 placeholder:"URL"`
	LogPrefix string          `help:"Name of the pool on shared servers."                                                                    default:"huoshui"`
	LogMaxAge time.Duration   `help:"Drop events from the log after so long, e.g. 8760h; 0 keeps them for ever, and all can be rebuilt."      default:"0"`
	LogLevel  string          `help:"What the program tells: debug, info, warn or error."                                                    default:"info"           enum:"debug,info,warn,error"`
	LogFormat string          `help:"How it tells it: text or json."                                                                          default:"text"           enum:"text,json"`
	// WarehouseMB is memory of DuckDB itself, beside the program's.
	WarehouseMB int `name:"warehouse-mb" help:"Memory of the warehouse in MiB." default:"384"`
}

// Server is what serving takes on top.
type Server struct {
	Listen        string   `help:"Address to answer on."                                                                   default:"127.0.0.1:8080"`
	AdminEmail    string   `help:"E-mail address of the first owner, made if there is nobody yet."`
	AdminPassword string   `help:"Password of the first owner; better given as variable than as flag."`
	TrustedProxy  []string `help:"Networks whose X-Forwarded-For is believed, e.g. 10.0.0.0/8."                             placeholder:"CIDR"`
	AllowOutgoing []string `help:"Networks of your own that webhooks may call although they are private, e.g. 10.1.0.0/16."   placeholder:"CIDR"`
	MaxEventKB    int      `help:"Largest event in KiB."                                                                    default:"32"             name:"max-event-kb"`
	MaxBatchKB    int      `help:"Largest request with events in KiB, after decompression."                                 default:"500"            name:"max-batch-kb"`
}

// Validate says what is wrong with the settings.
func (p Place) Validate() error {
	var c fault.Check
	c.That(p.Data != "", "data", "name a folder")
	c.That(schemeIn(p.StateURL, "", "sqlite", "postgres", "postgresql"), "state-url", "leave it empty, or begin with postgres://")
	c.That(schemeIn(p.LogURL, "", "nats", "tls"), "log-url", "leave it empty, or begin with nats://")
	c.That(validName(p.LogPrefix), "log-prefix", "take 1 to 32 letters, digits, - and _")
	c.That(p.LogMaxAge == 0 || p.LogMaxAge >= 24*time.Hour, "log-max-age", "take 0 or at least 24h")
	c.That(p.WarehouseMB >= 64, "warehouse-mb", "take at least 64")
	return c.Err("config.invalid", "the program cannot start with these settings; see errors")
}

// Validate says what is wrong with the settings.
func (s Server) Validate() error {
	var c fault.Check
	_, port, ok := cutPort(s.Listen)
	c.That(ok && port != "", "listen", "give host and port, e.g. 127.0.0.1:8080, or :8080 for every address of the machine")
	_, err := s.Proxies()
	c.That(err == nil, "trusted-proxy", "give networks such as 10.0.0.0/8 or single addresses")
	_, err = s.Outgoing()
	c.That(err == nil, "allow-outgoing", "give networks such as 10.1.0.0/16 or single addresses")
	c.That((s.AdminEmail == "") == (s.AdminPassword == ""), "admin-email", "give e-mail address and password of the first owner together")
	c.That(s.MaxEventKB >= 1 && s.MaxEventKB <= 1024, "max-event-kb", "take 1 to 1024")
	c.That(s.MaxBatchKB >= s.MaxEventKB && s.MaxBatchKB <= 4096, "max-batch-kb", "take at least max-event-kb and at most 4096")
	return c.Err("config.invalid", "the server cannot start with these settings; see errors")
}

// Proxies are the trusted networks; a single address is a network of one.
func (s Server) Proxies() ([]netip.Prefix, error) { return networks(s.TrustedProxy) }

// Outgoing are the networks that may be called although they are private; a single address is a network of one.
func (s Server) Outgoing() ([]netip.Prefix, error) { return networks(s.AllowOutgoing) }

func networks(texts []string) ([]netip.Prefix, error) {
	var nets []netip.Prefix
	for _, text := range texts {
		if a, err := netip.ParseAddr(text); err == nil {
			nets = append(nets, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err
		}
		nets = append(nets, p.Masked())
	}
	return nets, nil
}

func schemeIn(raw string, schemes ...string) bool {
	if raw == "" {
		return slices.Contains(schemes, "")
	}
	u, err := url.Parse(raw)
	return err == nil && u.Scheme != "" && slices.Contains(schemes, u.Scheme)
}

func validName(s string) bool {
	return s != "" && len(s) <= 32 && strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}) < 0
}

func cutPort(listen string) (host, port string, ok bool) {
	i := strings.LastIndexByte(listen, ':')
	if i < 0 {
		return "", "", false
	}
	return listen[:i], listen[i+1:], true
}
