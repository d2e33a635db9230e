package person

import (
	"encoding/json"

	"github.com/huoshui/huoshui/internal/pool/event"
	"github.com/huoshui/huoshui/internal/pool/identity"
)

// mask hides personal data from roles that work with numbers: enough is left to tell two people apart.
func (r *Row) mask() {
	r.Name, r.Email, r.Phone = identity.MaskText(r.Name), identity.Mask(event.Email, r.Email), identity.Mask(event.Phone, r.Phone)
	all, err := json.Marshal(r.Traits)
	if err == nil {
		all = identity.MaskJSON(all)
	}
	r.Traits = map[string]json.RawMessage{}
	if err != nil || json.Unmarshal(all, &r.Traits) != nil {
		r.Traits = map[string]json.RawMessage{} // what cannot be read cannot be masked
	}
}
