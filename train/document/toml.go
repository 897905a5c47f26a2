package document

import (
	"errors"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// parseTOML has the library check the document and then walks through its expressions,
// which hold the words as they are written, where Unmarshal makes 16 of 0x10.
func parseTOML(raw []byte) (Value, error) {
	root := Value{Kind: Table, Line: 1}
	err := toml.Unmarshal(raw, new(any))
	if at := (*toml.DecodeError)(nil); errors.As(err, &at) {
		line, _ := at.Position()
		return root, &Error{line, err.Error()}
	}
	if err != nil {
		return root, err
	}
	p := &tomlWalk{}
	p.Reset(raw)
	table := &root
	for p.NextExpression() {
		e := p.Expression()
		switch e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table, err = p.header(&root, e)
		case unstable.KeyValue:
			err = p.keyValue(table, e, 0)
		}
		if err != nil {
			return root, err
		}
	}
	return root, p.Error()
}

type tomlWalk struct{ unstable.Parser }

// header returns the table that [a.b] or [[a.b]] begins.
func (p *tomlWalk) header(root *Value, e *unstable.Node) (*Value, error) {
	table, err := p.parent(root, e)
	if err != nil {
		return nil, err
	}
	name, line := p.last(e)
	if e.Kind == unstable.Table {
		return table.table(name, line), nil
	}
	list := table.key(name)
	if list == nil {
		table.Keys = append(table.Keys, Key{name, line, Value{Kind: List, Line: line}})
		list = table.key(name)
	}
	list.Items = append(list.Items, Value{Kind: Table, Line: line})
	return &list.Items[len(list.Items)-1], nil
}

// keyValue adds the key of an expression to a table.
func (p *tomlWalk) keyValue(table *Value, e *unstable.Node, depth int) error {
	table, err := p.parent(table, e)
	if err != nil {
		return err
	}
	name, line := p.last(e)
	v, err := p.value(e.Value(), line, depth+1)
	table.Keys = append(table.Keys, Key{name, line, v})
	return err
}

func (p *tomlWalk) value(n *unstable.Node, line, depth int) (Value, error) {
	v := Value{Kind: kindOfTOML(n.Kind), Line: line, Text: string(n.Data)}
	if depth > mostDepth {
		return v, v.Errorf("%v", errDeep)
	}
	for c := n.Children(); (v.Kind == List || v.Kind == Table) && c.Next(); {
		var err error
		if v.Kind == Table {
			err = p.keyValue(&v, c.Node(), depth)
		} else {
			var item Value
			item, err = p.value(c.Node(), line, depth+1)
			v.Items = append(v.Items, item)
		}
		if err != nil {
			return v, err
		}
	}
	return v, nil
}

// parent returns the table in which the last part of a dotted key lies.
func (p *tomlWalk) parent(table *Value, e *unstable.Node) (*Value, error) {
	depth := 0
	for key := e.Key(); key.Next() && !key.IsLast(); depth++ {
		line := p.Shape(key.Node().Raw).Start.Line
		if depth == mostDepth {
			return nil, &Error{line, errDeep.Error()}
		}
		table = table.table(string(key.Node().Data), line)
	}
	return table, nil
}

func (p *tomlWalk) last(e *unstable.Node) (name string, line int) {
	for key := e.Key(); key.Next(); {
		name, line = string(key.Node().Data), p.Shape(key.Node().Raw).Start.Line
	}
	return name, line
}

// key returns the value of a key, nil where it is not there.
func (v *Value) key(name string) *Value {
	for i := range v.Keys {
		if v.Keys[i].Name == name {
			return &v.Keys[i].Value
		}
	}
	return nil
}

// table returns the table of a key, made where it is missing; of a list of tables, the last.
func (v *Value) table(name string, line int) *Value {
	at := v.key(name)
	if at == nil {
		v.Keys = append(v.Keys, Key{name, line, Value{Kind: Table, Line: line}})
		at = v.key(name)
	}
	if at.Kind == List {
		at = &at.Items[len(at.Items)-1]
	}
	return at
}

func kindOfTOML(k unstable.Kind) Kind {
	switch k {
	case unstable.Integer, unstable.Float:
		return Number
	case unstable.Bool:
		return Bool
	case unstable.Array:
		return List
	case unstable.InlineTable:
		return Table
	case unstable.String:
		return Text
	}
	return Date
}
