package eventlog

import (
	"testing"

	"github.com/klauspost/compress/s2"
	"github.com/stretchr/testify/require"
)

// No record makes the decoder panic or take memory without bound, and what it decodes encodes to the same bodies again.
func FuzzDecodeRecord(f *testing.F) {
	f.Add(encodeRecord([]*waiting{{bodies: [][]byte{[]byte("a"), nil, []byte("bc")}}}, 3))
	f.Add(s2.Encode(nil, []byte{5, 1}))
	f.Add(s2.Encode(nil, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}))
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		bodies, err := decodeRecord(data)
		if err != nil {
			return
		}
		again, err := decodeRecord(encodeRecord([]*waiting{{bodies: bodies}}, len(data)))
		require.NoError(t, err)
		require.Len(t, again, len(bodies))
		for i := range bodies {
			require.Equal(t, string(bodies[i]), string(again[i]))
		}
	})
}
