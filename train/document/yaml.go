package document

import (
	"bytes"
	"errors"
	"io"

	"gopkg.in/yaml.v3"
)

// parseYAML reads the first and only document. Anchors are refused: with aliases a few
// lines can be a thousand times as many.
func parseYAML(raw []byte) (Value, error) {
	var doc, rest yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(raw))
	switch err := d.Decode(&doc); {
	case err == io.EOF:
		return Value{Kind: Table, Line: 1}, nil
	case err != nil:
		return Value{}, err
	case d.Decode(&rest) != io.EOF:
		return Value{}, errors.New("yaml: more than one document")
	}
	if doc.Content[0].Kind != yaml.MappingNode {
		return Value{}, errors.New("yaml: not a mapping; give one line per name, such as lambda: 0.001")
	}
	return fromYAML(doc.Content[0], 0)
}

func fromYAML(n *yaml.Node, depth int) (v Value, err error) {
	v.Line = n.Line
	switch {
	case depth > mostDepth:
		return v, v.Errorf("%v", errDeep)
	case n.Anchor != "" || n.Kind == yaml.AliasNode:
		return v, v.Errorf("anchors (&) and aliases (*) are not supported; write the value out")
	case n.Kind == yaml.SequenceNode:
		v.Kind = List
		for _, c := range n.Content {
			item, err := fromYAML(c, depth+1)
			if err != nil {
				return v, err
			}
			v.Items = append(v.Items, item)
		}
	case n.Kind == yaml.MappingNode:
		v.Kind = Table
		for i := 0; i < len(n.Content); i += 2 {
			name := n.Content[i]
			if name.Kind != yaml.ScalarNode || name.Anchor != "" || name.Tag == "!!merge" || name.Tag == "!!null" {
				return v, (&Value{Line: name.Line}).Errorf("a name is missing; write name: value")
			}
			value, err := fromYAML(n.Content[i+1], depth+1)
			if err != nil {
				return v, err
			}
			v.Keys = append(v.Keys, Key{name.Value, name.Line, value})
		}
	default:
		v.Kind, v.Text = kindOfTag(n.Tag), n.Value
	}
	return v, nil
}

func kindOfTag(tag string) Kind {
	switch tag {
	case "!!int", "!!float":
		return Number
	case "!!bool":
		return Bool
	case "!!null":
		return Null
	}
	return Text
}
