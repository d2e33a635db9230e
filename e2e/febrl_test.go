//go:build e2e

package e2e

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Real-world dirt through the command: with the number declared as a strong identity no two people of the truth become one, and what the
// number can find is found.
func TestFebrl(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		file            string
		records, people int
		recall          float64 // of the number alone
	}{{"febrl_dataset1.csv.gz", 1000, 500, 0.9000}, {"febrl_dataset3.csv.gz", 5000, 2000, 0.8567}} {
		t.Run(set.file, func(t *testing.T) {
			t.Parallel()
			p := newPool(t)
			s := p.start(t, p.apiKey(t, "owner"))
			s.put(t, "/identity-kinds/soc_sec_id", map[string]any{"title": "Social security number", "unique": true, "strong": true, "merges": true, "rank": 5})
			s.put(t, "/identity-kinds/record", map[string]any{"title": "Record", "strong": true, "unique": false, "merges": false, "rank": 600})
			s.stop(t)
			file, truth := records(t, set.file)
			require.Len(t, truth, set.records)
			got := p.load(t, file, "people", "--identity", "soc_sec_id=soc_sec_id,record=record", "--trait", "given_name=given_name,surname=surname,suburb=suburb")
			same(t, imported{Rows: int64(set.records), Accepted: int64(set.records)}, got)

			s = p.start(t, s.key)
			found := s.persons(t)
			require.Len(t, found, set.records, "every record is somebody's")
			right, wrong, missed := pairs(truth, found)
			precision, recall := right/(right+wrong), right/(right+missed)
			t.Logf("precision %.4f, recall %.4f, F1 %.4f", precision, recall, 2*precision*recall/(precision+recall))
			require.Zero(t, wrong, "pairs of two people that became one")
			require.InDelta(t, set.recall, recall, 0.0001)
			originals := map[string]bool{}
			for _, who := range truth {
				originals[who] = true
			}
			require.Len(t, originals, set.people)
			s.stop(t)
		})
	}
}

// records writes a copy of a set in which a running number stands for the record's name, which holds the truth.
func records(t *testing.T, name string) (file string, truth map[string]string) {
	t.Helper()
	f, err := os.Open(dataset(t, name))
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // reading
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	truth = map[string]string{}
	var out strings.Builder
	lines := bufio.NewScanner(z)
	for n := 0; lines.Scan(); n++ {
		id, rest, _ := strings.Cut(lines.Text(), ",")
		if n == 0 {
			out.WriteString("record," + rest + "\n")
			continue
		}
		record := fmt.Sprintf("r%d", n)
		truth[record] = strings.Split(id, "-")[1] // rec-<person>-org, rec-<person>-dup-<k>
		out.WriteString(record + "," + rest + "\n")
	}
	require.NoError(t, lines.Err())
	file = filepath.Join(t.TempDir(), "people.csv")
	require.NoError(t, os.WriteFile(file, []byte(out.String()), 0o600))
	return file, truth
}

// persons says whose each record is, from everybody's page.
func (c *client) persons(t *testing.T) map[string]int64 {
	t.Helper()
	found := map[string]int64{}
	for _, r := range c.listed(t) {
		var page struct {
			Identities []struct{ Kind, Value string }
		}
		c.get(t, fmt.Sprintf("/people/%d", r.ID), &page)
		numbers := 0
		for _, i := range page.Identities {
			switch i.Kind {
			case "record":
				require.NotContains(t, found, i.Value, "a record of two people")
				found[i.Value] = r.ID
			case "soc_sec_id":
				numbers++
			}
		}
		require.LessOrEqual(t, numbers, 1, "person %d has two numbers", r.ID)
	}
	return found
}

// pairs counts the pairs of records that rightly are one person, wrongly are, and wrongly are not.
func pairs(truth map[string]string, found map[string]int64) (right, wrong, missed float64) {
	for a := range truth {
		for b := range truth {
			if a >= b {
				continue
			}
			switch same, joined := truth[a] == truth[b], found[a] == found[b]; {
			case same && joined:
				right++
			case joined:
				wrong++
			case same:
				missed++
			}
		}
	}
	return right, wrong, missed
}
