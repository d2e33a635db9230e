package apply_test

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// shared finds a file of the public data sets, which lie beside the repository.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		up := filepath.Dir(dir)
		require.NotEqual(t, dir, up, "no go.mod above the test: run it inside the repository")
		dir = up
	}
	path := filepath.Join(dir, "..", "shared", "data", name)
	_, err = os.Stat(path)
	require.NoError(t, err, "the data set %s is missing: put the folder of public data sets at ../shared/data beside the repository", name)
	return path
}

// febrl reads a Febrl set: records of people, some twice or more, with errors; and who each record is of in truth.
func febrl(t *testing.T, name string) (records []map[string]string, truth map[string]string) {
	t.Helper()
	f, err := os.Open(shared(t, name))
	require.NoError(t, err)
	defer f.Close() //nolint:errcheck // reading
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	rows, err := csv.NewReader(z).ReadAll()
	require.NoError(t, err)
	truth = map[string]string{}
	for _, row := range rows[1:] {
		r := map[string]string{}
		for i, h := range rows[0] {
			r[strings.TrimSpace(h)] = strings.TrimSpace(row[i])
		}
		parts := strings.Split(r["rec_id"], "-") // rec-<person>-org, rec-<person>-dup-<k>
		truth[r["rec_id"]] = parts[1]
		records = append(records, r)
	}
	return records, truth
}

// Real-world dirt: with the social security number as a strong identity, no two people of the truth are ever merged. What the number alone
// cannot find (it was mistyped) is found by nobody; the recall is in the log.
func TestFebrlIsNeverWrong(t *testing.T) {
	t.Parallel()
	for _, set := range []struct {
		file            string
		records, people int
		recall          float64 // of the number alone
	}{
		{"febrl_dataset1.csv.gz", 1000, 500, 0.9000},
		{"febrl_dataset3.csv.gz", 5000, 2000, 0.8567},
	} {
		t.Run(set.file, func(t *testing.T) {
			t.Parallel()
			records, truth := febrl(t, set.file)
			require.Len(t, records, set.records)
			number := identity.Kind{Kind: "soc_sec_id", Title: "Number", Unique: true, Strong: true, Merges: true, Rank: 5, Trait: "soc_sec_id"}
			row := identity.Kind{Kind: "record", Title: "Record", Strong: true, Rank: 600}
			r := newRig(t, withKinds(number, row))
			var events []event.Event
			for i, rec := range records {
				who := []event.Identity{{Kind: "record", Value: rec["rec_id"]}}
				id := rec["rec_id"]
				delete(rec, "rec_id")
				traits, err := json.Marshal(rec)
				require.NoError(t, err)
				found, problems := r.kinds.FromTraits(traits, "AU")
				require.Empty(t, problems)
				events = append(events, event.Event{
					ID: id, Type: event.Identify, Name: event.Identified, Time: int64(i + 1), Traits: traits, Identities: append(who, found...),
				})
			}
			for len(events) > 0 {
				n := min(len(events), 700)
				r.append(events[:n]...)
				events = events[n:]
			}
			last, err := r.log.Last(t.Context())
			require.NoError(t, err)
			r.wait(last)
			who := map[string]string{} // record → person
			for _, l := range r.texts(true, "", "SELECT id, person FROM events") {
				id, person, _ := strings.Cut(l, " | ")
				who[id] = person
			}
			require.Len(t, who, set.records)
			people, found, both := map[string]int{}, map[string]int{}, map[[2]string]int{}
			for id, person := range truth {
				people[person]++
				found[who[id]]++
				both[[2]string{person, who[id]}]++
			}
			require.Len(t, people, set.people)
			for cell, n := range both {
				if found[cell[1]] != n {
					t.Errorf("person %s has records of %s, and others too", cell[1], cell[0])
				}
			}
			right, joined, same := pairs(both), pairs(found), pairs(people)
			precision, recall := right/joined, right/same
			t.Logf("%s: precision %.4f, recall %.4f, F1 %.4f", set.file, precision, recall, 2*precision*recall/(precision+recall))
			require.Equal(t, 1.0, precision) //nolint:testifylint // exactly one
			require.InDelta(t, set.recall, recall, 0.0001)
			r.verify(t)
		})
	}
}

// pairs is how many pairs of records are in one group.
func pairs[K comparable](groups map[K]int) float64 {
	sum := 0
	for _, n := range groups {
		sum += n * (n - 1) / 2
	}
	return float64(sum)
}
