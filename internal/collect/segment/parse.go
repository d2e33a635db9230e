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
	switch p.dec.PeekKind() {
	case '{':
		if err := p.message(&p.top, batch); err != nil {
			return err
		}
	default:
		if _, err := p.dec.ReadValue(); err != nil {
			return err
		}
		return errNotObject
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

// name reads a member's name; more is false at the end of the object, which it consumes.
func (p *parser) name() (name []byte, more bool, err error) {
	if p.dec.PeekKind() == '}' {
		_, err = p.dec.ReadToken()
		return nil, false, err
	}
	v, err := p.dec.ReadValue()
	if err != nil {
		return nil, false, err
	}
	if bytes.IndexByte(v, '\\') >= 0 {
		name, err = jsontext.AppendUnquote(nil, v)
		return name, true, err
	}
	return v[1 : len(v)-1], true, nil
}

// message reads an object. With batch, its member "batch" is read as a list of events.
func (p *parser) message(m *message, batch bool) error {
	if _, err := p.dec.ReadToken(); err != nil {
		return err
	}
	start := int(p.dec.InputOffset()) - 1
	for {
		name, more, err := p.name()
		if err != nil {
			return err
		}
		if !more {
			end := int(p.dec.InputOffset())
			m.raw = p.body[start:end:end]
			return nil
		}
		if batch && string(name) == "batch" {
			err = p.events()
		} else if string(name) == "context" {
			err = p.context(m)
		} else if to := m.member(name); to != nil {
			*to, err = p.value()
		} else {
			err = p.dec.SkipValue()
		}
		if err != nil {
			return err
		}
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
		k := p.dec.PeekKind()
		if k == ']' {
			_, err := p.dec.ReadToken()
			return err
		}
		if len(p.batch) >= p.limit {
			return errTooManyEvents
		}
		p.batch = append(p.batch, message{})
		m := &p.batch[len(p.batch)-1]
		var err error
		if k == '{' {
			err = p.message(m, false)
		} else {
			m.notObject = true
			m.raw, err = p.value()
		}
		if err != nil {
			return err
		}
	}
}

// context reads the member of that name, noting the few of its own members that intake looks at.
func (p *parser) context(m *message) error {
	var err error
	if p.dec.PeekKind() != '{' {
		m.context, err = p.value()
		return err
	}
	if _, err = p.dec.ReadToken(); err != nil {
		return err
	}
	start := int(p.dec.InputOffset()) - 1
	for {
		name, more, err := p.name()
		if err != nil {
			return err
		}
		if !more {
			end := int(p.dec.InputOffset())
			m.context = p.body[start:end:end]
			return nil
		}
		if to := m.contextMember(name); to != nil {
			*to, err = p.value()
		} else {
			err = p.dec.SkipValue()
		}
		if err != nil {
			return err
		}
	}
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
