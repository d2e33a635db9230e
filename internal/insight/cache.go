package insight

type kept struct{}

func newKept() *kept { return &kept{} }
