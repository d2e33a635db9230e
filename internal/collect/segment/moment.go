package segment

import (
	"math"
	"strconv"
	"time"
)

// Clocks are compared in microseconds.
const (
	second = int64(time.Second / time.Microsecond)
	// A difference up to tolerance is the network's delay, not a wrong clock: the sender's times are kept exactly.
	tolerance = second
	// An event may seem to happen up to overlap after its sending, when a library rounds or sets sentAt too early.
	overlap = 60 * second
)

// readTime reads a time: ISO 8601 text (UTC where it names no zone), or a number of seconds, milliseconds or microseconds since 1970.
// given is false if there is none.
func readTime(raw []byte) (us int64, given, ok bool) {
	s, ok := text(raw)
	if !ok || s == "" {
		return 0, !ok, ok
	}
	if t, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return t.UnixMicro(), true, true
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && len(s) >= 9 {
		switch a := math.Abs(f); {
		case a < 1e11:
			f *= 1e6
		case a < 1e14:
			f *= 1e3
		case a >= 1e17 || math.IsNaN(a):
			return 0, true, false
		}
		return int64(math.Round(f)), true, true
	}
	for _, layout := range []string{
		"2006-01-02T15:04:05.999999999Z0700", "2006-01-02 15:04:05.999999999Z07:00",
		"2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UnixMicro(), true, true
		}
	}
	return 0, true, false
}

// happened is when an event happened by our clock: received − (sent − timestamp), which cancels out a sender's wrong clock. It never
// lies after received. sent is 0 if the sender does not say, or if times are history and stay as they are.
func happened(timestamp, sent, received int64) int64 {
	if sent == 0 {
		return min(timestamp, received)
	}
	skew, age := received-sent, sent-timestamp
	switch {
	case skew <= tolerance && skew >= -tolerance:
		return min(timestamp, received)
	case age >= 0:
		return received - age
	case age >= -overlap:
		return received
	default: // sent long before it happened: sentAt is wrong, and says nothing about the clock
		return min(timestamp, received)
	}
}

// moment finds the time of a message. ok is false if its time cannot be read.
func moment(m *message, sent, received int64) (us int64, ok bool) {
	timestamp, given, ok := readTime(m.timestamp)
	if !ok {
		return 0, false
	}
	original, originalGiven, ok := readTime(m.original)
	if !ok {
		return 0, false
	}
	switch {
	case !given && !originalGiven:
		return received, true
	case !given:
		return happened(original, sent, received), true
	case originalGiven && original != timestamp:
		// Both, and different: a hub in between has corrected timestamp already and kept the sender's own beside it.
		return min(timestamp, received), true
	}
	return happened(timestamp, sent, received), true
}
