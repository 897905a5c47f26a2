package study

import (
	"strings"

	"bnlab/train/document"
	"bnlab/train/message"
)

// Override sets fields of the base, each as ns=900, and the seeds, from 1 to seeds, 0 to
// leave those of the file, over what the study and its experiments say. What varies still
// does.
func (s *Study) Override(set []string, seeds int) error {
	if len(set) == 0 && seeds == 0 {
		return nil
	}
	for _, text := range set {
		name, value, err := Setting(text)
		if err != nil {
			return err
		}
		v, err := document.Parse(".yaml", []byte(name+": "+value))
		if err != nil {
			return message.Fieldf("{set} %q: %v", text, err)
		}
		if err := (&Settings{}).Decode(v); err != nil {
			return message.Fieldf("{set} %q: %v", text, strings.TrimPrefix(err.Error(), "line 1: "))
		}
		s.changes = append(s.changes, change{name, value})
		s.Base = append(s.Base, v.Keys...)
		for i := range s.Experiments {
			s.Experiments[i].Base = append(s.Experiments[i].Base, v.Keys...)
		}
	}
	for i := range s.Experiments {
		if seeds > 0 {
			s.seeds, s.Experiments[i].Seeds = seeds, firstSeeds(seeds)
		}
	}
	return s.check()
}
