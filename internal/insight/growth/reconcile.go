package growth

// Events is the warehouse, as Reconcile reads it.
type Events interface{}
