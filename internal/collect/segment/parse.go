package segment

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// message is an event as it was sent, taken apart but not judged. The members are raw JSON values inside the request's body, nil if
// they were not there.
type message struct {
	raw       []byte
	notObject bool

	kind, id, event, name, category      []byte
	user, anonymous, previous, group     []byte
	timestamp, original, sent, writeKey  []byte
	properties, traits, context          []byte
	ip, agent, library, previousKind     []byte // members of context
	externalIDs, device, traitsInContext []byte // members of context
}

var errNotObject = errors.New("the body is not a JSON object")

// parser takes bodies apart in one pass. It is reused from request to request.
type parser struct {
	dec  *jsontext.Decoder
	buf  bytes.Buffer
	body []byte

	top      message   // the single event, or the members beside "batch"
	batch    []message // the events of a batch
	hasBatch bool
	limit    int // of events; counting stops above it
}

var errTooManyEvents = errors.New("too many events")

// parse takes a cleaned body apart.
func (p *parser) parse(body []byte, batch bool, limit int) error {
	err := p.once(body, batch, limit)
	if !isRepeat(err) {
		return err
	}
	if body, err = withoutRepeats(body); err != nil {
		return err
	}
	return p.once(body, batch, limit)
}

func (p *parser) once(body []byte, batch bool, limit int) error {
	p.body, p.limit, p.hasBatch = body, limit, false
	p.top, p.batch = message{}, p.batch[:0]
	p.buf = *bytes.NewBuffer(body)
	if p.dec == nil {
		p.dec = jsontext.NewDecoder(&p.buf)
	} else {
		p.dec.Reset(&p.buf)
	}
	switch {
	case p.dec.PeekKind() != '{':
		if _, err := p.dec.ReadValue(); err != nil {
			return err
		}
		return errNotObject
	case batch:
		if err := p.envelope(); err != nil {
			return err
		}
	default:
		raw, err := p.value()
		if err != nil {
			return err
		}
		p.top.fill(raw)
	}
	if _, err := p.dec.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			err = errors.New("something follows the JSON object")
		}
		return err
	}
	return nil
}

// value reads the next value as a part of the body.
func (p *parser) value() ([]byte, error) {
	v, err := p.dec.ReadValue()
	if err != nil {
		return nil, err
	}
	end := int(p.dec.InputOffset())
	return p.body[end-len(v) : end : end], nil
}

// envelope reads the object of a batch request, its member "batch" as a list of events.
func (p *parser) envelope() error {
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	for {
		if p.dec.PeekKind() == '}' {
			_, err := p.dec.ReadToken()
			return err
		}
		token, err := p.dec.ReadToken()
		if err != nil {
			return err
		}
		name := token.String()
		if name == "batch" {
			if err := p.events(); err != nil {
				return err
			}
			continue
		}
		value, err := p.value()
		if err != nil {
			return err
		}
		p.top.set([]byte(name), value)
	}
}

func (p *parser) events() error {
	if p.dec.PeekKind() != '[' {
		_, err := p.value()
		return err // hasBatch stays false
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	p.hasBatch = true
	for {
		if p.dec.PeekKind() == ']' {
			_, err := p.dec.ReadToken()
			return err
		}
		if len(p.batch) >= p.limit {
			return errTooManyEvents
		}
		raw, err := p.value()
		if err != nil {
			return err
		}
		p.batch = append(p.batch, message{})
		p.batch[len(p.batch)-1].fill(raw)
	}
}

// fill takes a valid value apart.
func (m *message) fill(raw []byte) {
	m.raw = raw
	if m.notObject = raw[0] != '{'; m.notObject {
		return
	}
	for w := walk(raw); ; {
		name, ok := w.name()
		if !ok {
			return
		}
		if string(name) == "context" {
			m.setContext(&w)
			continue
		}
		value, ok := w.element()
		if !ok {
			return
		}
		m.set(name, value)
	}
}

func (m *message) set(name, value []byte) {
	if to := m.member(name); to != nil {
		*to = value
	}
}

// setContext takes the next value of w as the context, and apart.
func (m *message) setContext(w *walker) {
	in, ok := w.inner()
	if !ok {
		m.context, _ = w.element()
		return
	}
	for {
		name, value, ok := in.member()
		if !ok {
			break
		}
		if to := m.contextMember(name); to != nil {
			*to = value
		}
	}
	m.context = w.leave(in)
}

func (m *message) member(name []byte) *[]byte {
	switch string(name) {
	case "type":
		return &m.kind
	case "messageId":
		return &m.id
	case "event":
		return &m.event
	case "name":
		return &m.name
	case "category":
		return &m.category
	case "userId":
		return &m.user
	case "anonymousId":
		return &m.anonymous
	case "previousId":
		return &m.previous
	case "groupId":
		return &m.group
	case "timestamp":
		return &m.timestamp
	case "originalTimestamp":
		return &m.original
	case "sentAt":
		return &m.sent
	case "writeKey":
		return &m.writeKey
	case "properties":
		return &m.properties
	case "traits":
		return &m.traits
	case "context": // of a whole batch
		return &m.context
	}
	return nil
}

func (m *message) contextMember(name []byte) *[]byte {
	switch string(name) {
	case "ip":
		return &m.ip
	case "userAgent":
		return &m.agent
	case "library":
		return &m.library
	case "externalIds":
		return &m.externalIDs
	case "device":
		return &m.device
	case "traits":
		return &m.traitsInContext
	case "previousIdKind":
		return &m.previousKind
	}
	return nil
}
