//go:build e2e && linux

package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

const ownNamespace = "HUOSHUI_E2E_NAMESPACE"

// smallDisk is a real file system of 320 MB in memory, with 264 MB of ballast. Mounting takes root; whoever is not, runs the test again
// as root of a user namespace of its own, and gives its result as this test's.
func smallDisk(t *testing.T) (dir string, free func()) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=320m"); err != nil {
		if os.Getenv(ownNamespace) != "" {
			t.Fatalf("mount a small disk: %v", err)
		}
		again := exec.CommandContext(t.Context(), "unshare", "--user", "--map-root-user", "--mount", os.Args[0], "-test.run", "^"+t.Name()+"$", "-test.v")
		again.Env = append(os.Environ(), ownNamespace+"=1")
		out, problem := again.CombinedOutput()
		require.NoError(t, problem, "no small disk can be mounted here (%v); run the tests as root, or allow user namespaces\n%s", err, out)
		t.Logf("in a namespace of its own:\n%s", out)
		return "", nil
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	ballast := filepath.Join(dir, "ballast")
	require.NoError(t, os.WriteFile(ballast, make([]byte, 264<<20), 0o600))
	return dir, func() { require.NoError(t, os.Remove(ballast)) }
}

// The disk runs full under load. The server takes no event that it cannot keep, says that the disk is full and ends, or goes on refusing;
// it does not start while there is no room. With room again, everything acknowledged is there once.
func TestDiskFull(t *testing.T) {
	disk, free := smallDisk(t)
	if disk == "" {
		return
	}
	p := &pool{dir: filepath.Join(disk, "data")}
	key, send := p.apiKey(t, "owner"), &sender{key: p.writeKey(t), http: &http.Client{Timeout: patience}}
	s := p.start(t, key)
	refused := 0
	for refused < 3 {
		k := send.next
		send.next++
		status, err := send.send(t.Context(), s.url, batch(k, false))
		if err == nil && status == http.StatusTooManyRequests {
			send.next-- // asked to come later: not this test's matter
			continue
		}
		send.note(k, false, err == nil && status == http.StatusOK)
		if err != nil {
			break // it ended
		}
		if status != http.StatusOK {
			require.Equal(t, http.StatusServiceUnavailable, status)
			refused++
		}
	}
	t.Logf("%d events acknowledged, %d answers without room", len(send.acked)*batchSize, refused)
	require.NotEmpty(t, send.acked)
	require.NotZero(t, s.ended(t), "without room the server has to end, so that somebody looks")
	refusal(t, s.log.String(), "disk.full", "free some space")

	r := p.try(t, "totals", "--json")
	if r.code != 0 { // the little that closing gave back may have been enough
		refusal(t, r.err, "disk.full", "free some space")
	}
	free()
	s = p.start(t, key)
	s.settled(t)
	var online totals
	s.get(t, "/totals", &online)
	s.stop(t)
	numbers := p.stored(t)
	send.check(t, numbers)
	require.EqualValues(t, len(numbers), online.Events)
	s = p.start(t, key)
	s.everybody(t, people(numbers))
	s.stop(t)
}
