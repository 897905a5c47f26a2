//go:build !linux

package machine

// ScheduleAsBatch does nothing here.
func ScheduleAsBatch() {}
