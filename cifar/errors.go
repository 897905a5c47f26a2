package cifar

import "fmt"

// InputError says what is wrong with data or flags that came from outside, in
// one line: where, what, and what to do. Commands map it to exit code 2.
type InputError struct {
	Where   string // file, folder or flag
	Problem string // what is wrong, with the offset in the file where there is one
	Advice  string // what to do
}

// Error returns the whole as one line.
func (e *InputError) Error() string { return e.Where + ": " + e.Problem + "; " + e.Advice }

// inputErrorf returns an InputError whose problem is formatted from args.
func inputErrorf(where, advice, problem string, args ...any) error {
	return &InputError{Where: where, Problem: fmt.Sprintf(problem, args...), Advice: advice}
}

// Advice on what to do about a bad file or folder.
const (
	adviceFile    = "put the original file there (cifar-10-binary.tar.gz holds it)"
	advicePickle  = "put the original file there (cifar-10-python.tar.gz holds it)"
	adviceArchive = "give the original cifar-10-binary.tar.gz or cifar-10-python.tar.gz"
	adviceFolder  = "give --data or $CIFAR10_DIR the folder that holds data_batch_1.bin … test_batch.bin, torchvision's cifar-10-batches-py or an archive, or use --dataset synthetic"
)

// Messages of panics: each is a mistake of the program, never of its input.
const (
	badShape = "cifar: x must be n×Dim, with n labels and n indices"
	emptySet = "cifar: no images to take statistics from"
)
