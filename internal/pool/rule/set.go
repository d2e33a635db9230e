package rule

import (
	"sync"
)

// Set is several rules that run together. It does not change, and may run in many goroutines.
type Set struct {
	refs     Refs
	events   bool // are needed at all
	roots    []condition
	compiler *compiler
	frames   sync.Pool // of *frame: what one run needs, used again so that running allocates nothing
}

// CompileAll makes rules ready to run together: what they have in common is computed once for each person. See Rule.Compile.
func CompileAll(rules []*Rule, names Names, currency string) (*Set, error) {
	var g gatherer
	roots := make([]*node, 0, len(rules))
	for _, r := range rules {
		g.gather(r.root)
		roots = append(roots, normal(r.root))
	}
	refs := g.refs()
	c, err := newCompiler(refs, names, currency)
	if err != nil {
		return nil, err
	}
	c.share(roots)
	s := &Set{refs: refs, compiler: c, events: refs.NeedsEvents()}
	for _, root := range roots {
		s.roots = append(s.roots, c.condition(root))
	}
	return s, nil
}

// Refs are what the set asks its facts for: everything that any of its rules mentions.
func (s *Set) Refs() Refs { return s.refs }

// Len is the number of rules.
func (s *Set) Len() int { return len(s.roots) }

// Eval answers all rules for a person, in the order in which they were compiled. out has Len places.
func (s *Set) Eval(f Facts, at Instant, out []bool) {
	x := s.frame(f, at)
	for i, root := range s.roots {
		out[i] = root.holds(x)
	}
	s.release(x)
}

// frame readies a frame for a person.
func (s *Set) frame(f Facts, at Instant) *frame {
	x, ok := s.frames.Get().(*frame)
	if !ok {
		x = s.compiler.newFrame()
	}
	x.begin(f, at, s.events)
	return x
}

func (s *Set) release(x *frame) {
	x.facts, x.seq, x.times, x.names = nil, nil, nil, nil
	s.frames.Put(x)
}

// Runner runs a set for one goroutine, a little quicker than Set.Eval: for sweeps over many people.
type Runner struct {
	set   *Set
	frame *frame
}

// Runner makes a runner.
func (s *Set) Runner() *Runner { return &Runner{set: s, frame: s.compiler.newFrame()} }

// Eval is Set.Eval.
func (r *Runner) Eval(f Facts, at Instant, out []bool) {
	r.frame.begin(f, at, r.set.events)
	for i, root := range r.set.roots {
		out[i] = root.holds(r.frame)
	}
}
