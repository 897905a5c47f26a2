package document

import (
	"bytes"

	"gopkg.in/yaml.v3"
)

// Draft is a document that can be changed and written as YAML. What is not changed stays,
// with its comments.
type Draft struct{ doc *yaml.Node }

// ReadDraft reads a document as Parse does. One in TOML becomes YAML, without its comments.
func ReadDraft(extension string, raw []byte) (*Draft, error) {
	v, err := Parse(extension, raw)
	if err != nil {
		return nil, err
	}
	doc := &yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{nodeOf(v)}}
	if IsYAML(extension) && len(v.Keys) > 0 {
		err = yaml.Unmarshal(raw, doc)
	}
	return &Draft{doc}, err
}

// Root returns the document's table.
func (t *Draft) Root() DraftTable { return DraftTable{t.doc.Content[0]} }

// YAML returns the document in YAML.
func (t *Draft) YAML() ([]byte, error) {
	var text bytes.Buffer
	e := yaml.NewEncoder(&text)
	e.SetIndent(2)
	err := e.Encode(t.doc)
	return text.Bytes(), err
}

// DraftTable is a table of a Draft.
type DraftTable struct{ n *yaml.Node }

// find returns where in the node's content the key is, hyphens and underscores alike; -1
// for nowhere.
func (t DraftTable) find(name string) int {
	for i := 0; i < len(t.n.Content); i += 2 {
		if Hyphened(t.n.Content[i].Value) == Hyphened(name) {
			return i
		}
	}
	return -1
}

// Table returns the table of a key, and whether there is one.
func (t DraftTable) Table(name string) (DraftTable, bool) {
	at := t.find(name)
	if at < 0 || t.n.Content[at+1].Kind != yaml.MappingNode {
		return DraftTable{}, false
	}
	return DraftTable{t.n.Content[at+1]}, true
}

// Tables returns the tables in the list of a key.
func (t DraftTable) Tables(name string) (all []DraftTable) {
	if at := t.find(name); at >= 0 {
		for _, item := range t.n.Content[at+1].Content {
			if item.Kind == yaml.MappingNode {
				all = append(all, DraftTable{item})
			}
		}
	}
	return all
}

// Put puts a value at a path of tables, as Value.Put does. A new key comes before another
// one, if that is there, else at the end.
func (t DraftTable) Put(path []string, value Value, before string) {
	at := t.find(path[0])
	node := nodeOf(value)
	if len(path) > 1 {
		node = &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
		if at >= 0 {
			node = t.n.Content[at+1]
		}
		below := DraftTable{node}
		if below.Put(path[1:], value, ""); len(node.Content) == 0 {
			value = Value{}
		} else {
			value.Kind = Table
		}
	}
	switch {
	case value.Kind == "" && at >= 0:
		t.n.Content = append(t.n.Content[:at:at], t.n.Content[at+2:]...)
	case value.Kind == "":
	case at >= 0:
		t.n.Content[at+1] = node
	default:
		if at = t.find(before); at < 0 {
			at = len(t.n.Content)
		}
		key := nodeOf(Value{Kind: Text, Text: path[0]})
		t.n.Content = append(t.n.Content[:at:at], append([]*yaml.Node{key, node}, t.n.Content[at:]...)...)
	}
}

// nodeOf returns a value as YAML: small tables and lists in a line.
func nodeOf(v Value) *yaml.Node {
	n := &yaml.Node{Kind: yaml.ScalarNode, Value: v.Text}
	switch v.Kind {
	case Text:
		n.Tag = "!!str" // with quotes where it would be something else
	case Null:
		n.Value = "null"
	case List:
		n.Kind = yaml.SequenceNode
		for _, item := range v.Items {
			n.Content = append(n.Content, nodeOf(item))
		}
	case Table:
		n.Kind = yaml.MappingNode
		for _, k := range v.Keys {
			n.Content = append(n.Content, nodeOf(Value{Kind: Text, Text: k.Name}), nodeOf(k.Value))
		}
	}
	if n.Kind != yaml.ScalarNode && depthOf(v) <= 2 {
		n.Style = yaml.FlowStyle
	}
	return n
}

// depthOf returns how deep lists and tables lie in each other; 0 for a scalar.
func depthOf(v Value) int {
	deepest := 0
	for _, item := range v.Items {
		deepest = max(deepest, depthOf(item))
	}
	for _, k := range v.Keys {
		deepest = max(deepest, depthOf(k.Value))
	}
	if v.Kind == List || v.Kind == Table {
		return deepest + 1
	}
	return 0
}
