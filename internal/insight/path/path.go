// Package path shows what people do next, or what they did before: the ways that lead away from an event, or to it, step by step.
//
// # Terms
//
// The anchor is the event from which one looks, after it or before it. A path is the anchor and the events that follow it in that direction, as
// many as steps were asked for. It begins at an anchor in the range: at each person's first or last one, or at every one. Its events are activities
// of the person; signals of the system are left out, and so are events that the query leaves out. A path ends early where the person has nothing more,
// or, if a gap is given, where the person paused for longer. With collapsed repeats, events of one name in a row are one.
//
// A node is an event name at one step of the paths; "end" is the node of the paths that end there, and "others" stands for the names of a
// step that too few paths take. A link is a node and the next one. A route is a whole path by its names.
//
// # Invariants
//
//   - Each path is in one node of each step up to its end: the nodes of a step, and those that ended before, add up to all paths.
//   - What goes into a node is what comes out of it; the paths of an end or of the last step go nowhere.
//   - "Others" and small routes are not forgotten: numbers never depend on the minimum share, only how they are put together.
//   - Looking at each person's first or last anchor, a path is a person.
//   - A path may leave the range: what comes after its end, up to today, or before its beginning belongs to the path.
//   - Left-out events make no step, but show that the person did not pause.
//
// # Example
//
// After "view", 3 steps; somebody does view, view, cart, view, order within an hour.
//
//	as it is               view → view → cart → view
//	collapsed              view → cart → view → order
//	gap 30m, with 40 minutes before the order, collapsed     view → cart → view → end
//	every view, collapsed  view → cart → view → order, and view → order → end
//
// Of anchors in a row only the first in the direction of looking begins a path if repeats are collapsed.
package path

import "github.com/huoshui/huoshui/internal/insight"

// Direction is where to look from the anchor.
type Direction string

// The directions.
const (
	After  Direction = "after"
	Before Direction = "before"
)

// Which anchors of a person begin a path.
type Which string

// The choices.
const (
	First Which = "first"
	Last  Which = "last"
	Every Which = "every"
)

// Query asks for paths.
type Query struct {
	insight.Common
	Anchor    insight.Step `json:"anchor" doc:"The event from which one looks; any activity if its name is empty"`
	Direction Direction    `json:"direction,omitempty" doc:"after if empty" enum:"after,before"`
	Which     Which        `json:"which,omitempty" doc:"Which anchors of a person in the range; first if empty" enum:"first,last,every"`
	Steps     int          `json:"steps,omitempty" doc:"How many events to follow; 5 if empty" minimum:"0" maximum:"10"`
	Collapse  bool         `json:"collapse,omitempty" doc:"Events of one name in a row are one"`
	Gap       string       `json:"gap,omitempty" doc:"A longer pause ends a path: minutes, hours or days, such as 30m; none if empty" maxLength:"10"`
	MinShare  *float64     `json:"min_share,omitempty" doc:"Names with a smaller share of all paths are put together as others, step by step; 0.02 if empty" minimum:"0" maximum:"0.5"`
	Without   []string     `json:"without,omitempty" doc:"Names of events to leave out" maxItems:"50"`
}

// What a node is.
type What string

// The kinds of nodes.
const (
	Event  What = "event"
	Others What = "others"
	End    What = "end"
)

// Answer is the paths.
type Answer struct {
	Paths  int64   `json:"paths" doc:"All of them; people, unless every anchor was asked for"`
	Nodes  []Node  `json:"nodes" nullable:"false" doc:"By step, the most taken first; others and end last. The first is the anchor"`
	Links  []Link  `json:"links" nullable:"false"`
	Routes []Route `json:"routes" nullable:"false" doc:"The most taken whole paths"`
	// AllRoutes is false if there were too many different ones to count each.
	AllRoutes bool `json:"all_routes" doc:"Every route was counted; otherwise rare ones may be missing, and numbers of routes be too small"`
}

// Node is an event name at a step.
type Node struct {
	Step  int     `json:"step" doc:"0 is the anchor"`
	What  What    `json:"what" enum:"event,others,end"`
	Event string  `json:"event,omitempty"`
	Names int     `json:"names,omitempty" doc:"How many event names the others are"`
	Paths int64   `json:"paths"`
	Share float64 `json:"share" doc:"Of all paths"`
}

// Link is a node and the next one, as places in Nodes.
type Link struct {
	From  int     `json:"from"`
	To    int     `json:"to"`
	Paths int64   `json:"paths"`
	Share float64 `json:"share" doc:"Of the paths of the node it comes from"`
}

// Route is a whole path.
type Route struct {
	Events []string `json:"events" nullable:"false" doc:"After the anchor, in the direction of looking"`
	Ended  bool     `json:"ended" doc:"It ends before the last step"`
	Paths  int64    `json:"paths"`
	Share  float64  `json:"share" doc:"Of all paths"`
}

// Ref names a node at a step.
type Ref struct {
	What  What   `json:"what,omitempty" doc:"event if empty" enum:"event,others,end"`
	Event string `json:"event,omitempty" maxLength:"200"`
}

// Of says a number: a node, a link (a node and the next one), or a route.
type Of struct {
	Step  int      `json:"step" doc:"Of the node; 0 is the anchor, which needs no name" minimum:"0" maximum:"10"`
	Node  *Ref     `json:"node,omitempty" doc:"Needed but for the anchor"`
	Next  *Ref     `json:"next,omitempty" doc:"The node of the step after it: the link between the two"`
	Route []string `json:"route,omitempty" doc:"Instead: a whole path by its names" maxItems:"10"`
	Ended bool     `json:"ended,omitempty" doc:"The route ends there"`
}
