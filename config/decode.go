package config

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	defaultSettle = 3 * time.Second
	minSettle     = 100 * time.Millisecond
	maxSettle     = 10 * time.Minute

	mebibyte     = 1 << 20
	gibibyte     = 1 << 30
	defaultQueue = 1 * gibibyte
	minQueue     = 16 * mebibyte
	maxQueue     = 64 * gibibyte
)

var (
	// A facility is known by its MACSKCB or, in newer documents, by its GLN (prefix 893: Vietnam).
	stationCode = rule{regexp.MustCompile(`^([0-9]{5}|893[0-9]{10})$`),
		"must be a facility code of 5 digits or a GLN of 13 digits beginning with 893"}
	publicKey = rule{regexp.MustCompile(`^RW[A-Za-z0-9+/]{54}$`),
		"must be a minisign public key: 56 characters that begin with RW"}
	queueSize = regexp.MustCompile(`^([1-9][0-9]{0,5})(MiB|GiB)$`)
)

func (d *decoder) config(root place) *Config {
	m := d.mapping(root, "schema", "station", "data_dir", "warehouse", "exclusion", "feeds", "limits")
	c := &Config{Schema: d.schema(m)}
	if c.Schema > SchemaVersion {
		return nil // nothing else can be judged: the fault about it is the only one worth reading
	}
	d.require(m, "station", "warehouse", "feeds")
	c.Station = d.station(m.byName["station"])
	c.DataDir = d.dataDir(m.byName["data_dir"])
	c.Warehouse = d.warehouse(m.byName["warehouse"])
	c.Exclusion = d.exclusion(m.byName["exclusion"])
	c.Limits = d.limits(m.byName["limits"])
	c.Feeds = d.feeds(m.byName["feeds"], c.DataDir)
	return c
}

func (d *decoder) schema(m members) int {
	d.require(m, "schema")
	p := m.byName["schema"]
	if p.node == nil {
		return 0
	}
	version, err := strconv.Atoi(p.node.Value)
	switch {
	case p.node.ShortTag() != "!!int" || err != nil || version < 1:
		d.fault(p, "must be the number 1", "")
		return 0
	case version > SchemaVersion:
		d.faults = nil
		d.fault(p, fmt.Sprintf("is version %d, this program reads version %d", version, SchemaVersion),
			"update tramsync first")
	}
	return version
}

func (d *decoder) station(p place) Station {
	m := d.mapping(p, "code", "codes", "name")
	s := Station{Name: d.text(m.byName["name"], 200)}
	switch {
	case m.has("code") && m.has("codes"):
		d.fault(m.byName["codes"], "must not stand beside code", "list all codes here and remove code")
	case m.has("code"):
		if code := d.matching(m.byName["code"], stationCode); code != "" {
			s.Codes = []string{code}
		}
	case m.has("codes"):
		s.Codes = d.unique(m.byName["codes"], 1, 32, stationCode)
	default:
		d.require(m, "code")
	}
	return s
}

func (d *decoder) warehouse(p place) Warehouse {
	m := d.mapping(p, "url", "profile")
	d.require(m, "url")
	w := Warehouse{URL: d.warehouseURL(m.byName["url"]), Profile: "tramsync"}
	if m.has("profile") {
		w.Profile = d.choice(m.byName["profile"], "tramsync")
	}
	return w
}

// warehouseURL never repeats what it read: people put passwords into addresses.
func (d *decoder) warehouseURL(p place) string {
	s := d.text(p, 2048)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil {
		d.fault(p, "is not a URL", "like https://kho.tinh.example:8440")
		return ""
	}
	port, err := strconv.Atoi(u.Port())
	switch {
	case u.Scheme != "https":
		d.fault(p, "must begin with https://", "patient data is only sent encrypted")
	case u.Hostname() == "":
		d.fault(p, "must name a host", "like https://kho.tinh.example:8440")
	case u.Port() != "" && (err != nil || port < 1 || port > 65535):
		d.fault(p, "must have a port from 1 to 65535", "")
	case u.User != nil:
		d.fault(p, "must not hold a user or password", "the agent's own certificate is its credential")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || strings.Contains(s, "#"):
		d.fault(p, "must not have a query or fragment", "remove what begins with ? or #")
	default:
		return s
	}
	return ""
}

func (d *decoder) exclusion(p place) Exclusion {
	m := d.mapping(p, "rules", "key")
	d.require(m, "rules", "key")
	e := Exclusion{Rules: d.text(m.byName["rules"], 1024), Key: d.matching(m.byName["key"], publicKey)}
	if e.Rules != "" {
		if problem, hint := d.host.checkFolder(e.Rules); problem != "" {
			d.fault(m.byName["rules"], problem, hint)
		}
	}
	return e
}

func (d *decoder) limits(p place) Limits {
	l := Limits{Queue: defaultQueue}
	m := d.mapping(p, "queue")
	if !m.has("queue") {
		return l
	}
	at := m.byName["queue"]
	s := d.text(at, 100)
	if s == "" {
		return l
	}
	part := queueSize.FindStringSubmatch(s)
	if part == nil {
		d.fault(at, "must be a whole number with MiB or GiB", "like 1GiB")
		return l
	}
	l.Queue, _ = strconv.ParseInt(part[1], 10, 64) // at most six digits
	if part[2] == "GiB" {
		l.Queue *= gibibyte
	} else {
		l.Queue *= mebibyte
	}
	if l.Queue < minQueue || l.Queue > maxQueue {
		d.fault(at, "must be from 16MiB to 64GiB", "")
	}
	return l
}

func (d *decoder) dataDir(p place) string {
	if p.node == nil {
		return d.host.dataDir()
	}
	s := d.text(p, 1024)
	if s == "" {
		return ""
	}
	if problem, hint := d.host.checkFolder(s); problem != "" {
		d.fault(p, problem, hint)
		return ""
	}
	return s
}

// apart reports a pattern by which a feed would read the agent's own files: its logs would then feed themselves.
func (d *decoder) apart(p place, pattern, dataDir string) {
	if dataDir == "" {
		return // at fault itself
	}
	own := d.host.fold(dataDir)
	base, rest := d.host.split(d.host.fold(pattern))
	if within(base, own) || within(own, base) && strings.Contains(rest, "/") {
		d.fault(p, "reaches into the agent's own folder, data_dir", "keep exports and data_dir apart")
	}
}

// within reports whether folder a is b or lies in it; both folded.
func within(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+"/")
}
