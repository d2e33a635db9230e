package insight

// Table is an answer as rows.
type Table struct {
	Columns []string
	Rows    [][]any // text, whole or broken number, Money, time.Time, or nil for nothing to say; pointers to those too
}

// Money is an amount for a Table: minor units of a currency, written in major units.
type Money struct {
	Minor    int64
	Currency string
}
