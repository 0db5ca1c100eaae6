package review

import (
	"encoding/json"
	"io"
)

type jsonEffect struct {
	Kind    string   `json:"kind"`
	Command bool     `json:"command"`
	Used    bool     `json:"used"`
	Async   string   `json:"async,omitempty"`
	Chain   []string `json:"chain"`
	Pos     string   `json:"pos"`
}

type jsonEnqueue struct {
	Task string `json:"task"`
	Pos  string `json:"pos"`
}

type jsonFunction struct {
	Func     string        `json:"func"`
	Pos      string        `json:"pos"`
	Performs []jsonEffect  `json:"performs"`
	Enqueues []jsonEnqueue `json:"enqueues"`
	Effect   bool          `json:"effect"`
	Pure     bool          `json:"pure"`
}

// JSON writes the functions as an array.
func JSON(w io.Writer, functions []Function) error {
	all := []jsonFunction{}
	for _, f := range functions {
		j := jsonFunction{Func: f.Name, Pos: f.Pos, Performs: []jsonEffect{}, Enqueues: []jsonEnqueue{}, Effect: f.Effect, Pure: f.Pure}
		for _, e := range f.Performs {
			j.Performs = append(j.Performs, jsonEffect{e.Kind, e.Command, e.Used, e.Async, names(e.Chain), position(e.Chain)})
		}
		for _, q := range f.Enqueues {
			j.Enqueues = append(j.Enqueues, jsonEnqueue(q))
		}
		all = append(all, j)
	}
	return encode(w, all)
}

type jsonDelta struct {
	Kind    string   `json:"kind,omitempty"`
	Command bool     `json:"command,omitempty"`
	Async   string   `json:"async,omitempty"`
	Task    string   `json:"task,omitempty"`
	Chain   []string `json:"chain"`
	Pos     string   `json:"pos"`
	Cause   string   `json:"cause,omitempty"`
}

type jsonChange struct {
	Func      string      `json:"func"`
	Pos       string      `json:"pos"`
	Entry     Entry       `json:"entry,omitempty"`
	MovedFrom string      `json:"movedFrom,omitempty"`
	New       bool        `json:"new,omitempty"`
	Gone      bool        `json:"gone,omitempty"`
	Gained    []jsonDelta `json:"gained"`
	Lost      []jsonDelta `json:"lost"`
}

// JSON writes the changes as an array.
func (d *Diff) JSON(w io.Writer) error {
	all := []jsonChange{}
	for _, c := range d.Changes {
		all = append(all, jsonChange{c.Func, c.Pos, c.Entry, c.MovedFrom, c.New, c.Gone, jsonDeltas(c.Gained), jsonDeltas(c.Lost)})
	}
	return encode(w, all)
}

func jsonDeltas(ds []Delta) []jsonDelta {
	all := []jsonDelta{}
	for _, d := range ds {
		all = append(all, jsonDelta{d.Kind, d.Command, d.Async, d.Task, names(d.Chain), position(d.Chain), d.Cause})
	}
	return all
}

func encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	return enc.Encode(v)
}

func names(chain []Step) []string {
	all := []string{}
	for _, s := range chain {
		all = append(all, s.Func)
	}
	return all
}

// position is where a function makes the first call of a chain.
func position(chain []Step) string {
	if len(chain) == 0 {
		return ""
	}
	return chain[0].Pos
}
