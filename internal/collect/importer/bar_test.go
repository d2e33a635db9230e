package importer_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/collect/importer"
)

// TestBar proves the words of each phase, and that a shorter line wipes the longer one before it.
func TestBar(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := importer.NewBar(&out)
	b.Show(importer.Progress{Phase: importer.Reading, Rows: 276480, Total: 541909, Rejected: 1012, Bytes: 1000, BytesDone: 510, Elapsed: 1500 * time.Millisecond})
	require.Equal(t, "\r[██████████░░░░░░░░░░]  51 %  276,480 of about 541,909 rows  184,320/s  1s left  1,012 rejected", out.String())
	out.Reset()
	b.Show(importer.Progress{Phase: importer.Ended, Rows: 541909, Total: 541909, Bytes: 1000, BytesDone: 1000, Elapsed: 2 * time.Second})
	require.Equal(t, "\r[████████████████████] 100 %  541,909 rows  270,954/s  2s                                      \n", out.String())
	out.Reset()
	importer.NewBar(&out).Show(importer.Progress{Phase: importer.Applying, Rows: 5})
	require.Equal(t, "\r[████████████████████] 100 %  5 rows  0/s  the pool is working on it", out.String())
}
