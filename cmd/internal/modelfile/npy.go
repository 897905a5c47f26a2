package modelfile

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// NPY returns rows as a file of NumPy's format, version 1.0: a magic number, the
// length of a header, the header, padded to a multiple of 64 bytes, and the
// numbers row by row. There is a library, npyio; it brings two more modules for
// these few lines.
func NPY(rows [][]float64, bits int) []byte {
	columns := 0
	if len(rows) > 0 {
		columns = len(rows[0])
	}
	header := fmt.Sprintf("{'descr': '<f%d', 'fortran_order': False, 'shape': (%d, %d), }", bits/8, len(rows), columns)
	const before = 10 // bytes: magic number, version and length
	header += strings.Repeat(" ", 63-(before+len(header))%64) + "\n"
	file := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	file = append(file, header...)
	for _, row := range rows {
		for _, v := range row {
			if bits == 32 {
				file, _ = binary.Append(file, binary.LittleEndian, float32(v))
			} else {
				file, _ = binary.Append(file, binary.LittleEndian, v)
			}
		}
	}
	return file
}
