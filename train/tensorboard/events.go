// Package tensorboard writes the curves of trainings as TensorBoard's event files.
//
// A file is a sequence of TFRecords, each holding an Event in protobuf. Both are
// written by hand, over protowire: four messages with nine fields are in use here,
// where TensorFlow's definitions have a thousand, and no Go library for them is
// maintained.
package tensorboard

import (
	"encoding/binary"
	"hash/crc32"
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"bnlab/train"
)

// Fields of the messages in use, as in TensorFlow's event.proto and
// summary.proto.
const (
	eventWallTime    = 1 // double, seconds since 1970
	eventStep        = 2 // int64
	eventFileVersion = 3 // string
	eventSummary     = 5 // Summary
	eventSessionLog  = 7 // SessionLog
	sessionLogStatus = 1 // enum
	summaryValue     = 1 // repeated Value
	valueTag         = 1 // string
	valueSimple      = 2 // float
)

// statusStart is a SessionLog status that makes TensorBoard forget earlier files in the
// folder.
const statusStart = 1

// fileVersion is what an event file begins with.
const fileVersion = "brain.Event:2"

// head returns the records that begin a file.
func head(now time.Time) []byte {
	version := protowire.AppendTag(nil, eventFileVersion, protowire.BytesType)
	version = protowire.AppendString(version, fileVersion)
	status := protowire.AppendTag(nil, sessionLogStatus, protowire.VarintType)
	status = protowire.AppendVarint(status, statusStart)
	return append(record(event(now, 0, version)), record(event(now, 0, message(eventSessionLog, status)))...)
}

// point returns the record of one evaluation.
func point(now time.Time, p train.Point) []byte {
	var summary []byte
	type scalar struct {
		tag   string
		value float64
	}
	scalars := []scalar{
		{"loss/train", p.TrainLoss}, {"loss/val", p.ValLoss},
		{"cost/train", p.TrainCost}, {"cost/val", p.ValCost},
		{"accuracy/train", p.TrainAcc}, {"accuracy/val", p.ValAcc},
		{"eta", p.Eta},
	}
	for _, kind := range train.Kinds { // statistics of batch normalisation
		if m := p.Of(kind); m != nil {
			end := "-" + string(kind)
			scalars = append(scalars, scalar{"loss/train" + end, m.TrainLoss}, scalar{"loss/val" + end, m.ValLoss},
				scalar{"accuracy/train" + end, m.TrainAcc}, scalar{"accuracy/val" + end, m.ValAcc})
		}
	}
	for _, s := range scalars {
		value := protowire.AppendTag(nil, valueTag, protowire.BytesType)
		value = protowire.AppendString(value, s.tag)
		value = protowire.AppendTag(value, valueSimple, protowire.Fixed32Type)
		value = protowire.AppendFixed32(value, math.Float32bits(float32(s.value)))
		summary = append(summary, message(summaryValue, value)...)
	}
	return record(event(now, p.Step, message(eventSummary, summary)))
}

// event returns an Event with one more field, its content.
func event(now time.Time, step int, what []byte) []byte {
	e := protowire.AppendTag(nil, eventWallTime, protowire.Fixed64Type)
	e = protowire.AppendFixed64(e, math.Float64bits(float64(now.UnixMicro())/1e6))
	if step != 0 { // which is the default
		e = protowire.AppendTag(e, eventStep, protowire.VarintType)
		e = protowire.AppendVarint(e, uint64(step))
	}
	return append(e, what...)
}

// message returns a field that holds a message.
func message(field protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, field, protowire.BytesType), m)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// record returns data as a TFRecord: its length, the length's checksum, data, its
// checksum.
func record(data []byte) []byte {
	r := binary.LittleEndian.AppendUint64(nil, uint64(len(data)))
	r = binary.LittleEndian.AppendUint32(r, checksum(r))
	r = append(r, data...)
	return binary.LittleEndian.AppendUint32(r, checksum(data))
}

// checksum returns the CRC-32C of data, rotated and shifted as in TFRecords, so that
// checksums of data containing checksums are no weaker.
func checksum(data []byte) uint32 {
	c := crc32.Checksum(data, castagnoli)
	return (c>>15 | c<<17) + 0xa282ead8
}
