package machine

import "bnlab/train/message"

// Room returns an error for what takes more memory, in bytes, than is free: the system
// would end the process, and all that trains beside.
func Room(what string, bytes float64, advice string) error {
	if free := freeMemory(); bytes > float64(free.Bytes) {
		return message.Fieldf("%s needs %.3g GB of memory, this process may use %.3g GB (limited by %s); %s",
			what, 1e-9*bytes, 1e-9*float64(free.Bytes), free.Of, advice)
	}
	return nil
}

// RoomToTrain is Room for trainings.
func RoomToTrain(bytes float64) error {
	return Room("training", bytes, "use fewer units per layer, images per batch or networks at once")
}

// freeMemory is Free. Tests of commands set another.
var freeMemory = Free

// SetFree has Room believe that so much is free until restore is called: for tests.
func SetFree(m Memory) (restore func()) {
	freeMemory = func() Memory { return m }
	return func() { freeMemory = Free }
}
