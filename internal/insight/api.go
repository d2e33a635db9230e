package insight

import "github.com/huoshui/huoshui/internal/base/httpapi"

// Routes registers the operations of all kinds, and those on runs.
func (d *Desk) Routes(api *httpapi.API) {
	for _, k := range d.kinds {
		k.routes(api)
	}
}
