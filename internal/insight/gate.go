package insight

type gate struct {
	workers int
	behind  func() bool
}

func newGate(workers int, behind func() bool) *gate { return &gate{workers, behind} }
