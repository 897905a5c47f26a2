package blas

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestTogether: each part is done once, by many callers at a time, whether helpers look for
// work or sleep, and whether or not there is a processor for them.
func TestTogether(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, processors := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(processors)
		var callers sync.WaitGroup
		for caller := range 5 {
			callers.Go(func() {
				for round := range 60 {
					parts := 1 + (round+caller)%7
					counts := make([]atomic.Int32, parts)
					together(parts, func(part int) {
						if round%3 == part%3 {
							runtime.Gosched()
						}
						counts[part].Add(1)
					})
					for part := range counts {
						if n := counts[part].Load(); n != 1 {
							t.Errorf("part %d of %d was done %d times", part, parts, n)
						}
					}
					if round%20 == 0 {
						time.Sleep(3 * patience)
					}
				}
			})
		}
		callers.Wait()
	}
}

// TestTogetherWaits: a caller whose helper takes long sleeps, and goes on when it has ended.
func TestTogetherWaits(t *testing.T) {
	for range 3 {
		ended, begun := atomic.Bool{}, make(chan struct{})
		together(2, func(part int) {
			if part == 0 {
				<-begun // by the helper, since it is not the caller's any more
				return
			}
			close(begun)
			time.Sleep(5 * patience)
			ended.Store(true)
		})
		if !ended.Load() {
			t.Fatal("went on before its helper")
		}
	}
}

// TestTogetherFails: the caller panics with what an engine has failed with, in its own part or
// in another one, once nobody is at work any more, and the helpers are there for the next.
func TestTogetherFails(t *testing.T) {
	mistake := errors.New("a mistake")
	for fails, failure := range map[int]error{0: mistake, 1: fmt.Errorf("no %w", ErrFailed), 2: ErrFailed} {
		for range 20 {
			var atWork atomic.Int32
			got := func() (err any) {
				defer func() { err = recover() }()
				together(4, func(part int) {
					atWork.Add(1)
					defer atWork.Add(-1)
					if part == fails {
						panic(failure)
					}
					time.Sleep(patience / 10)
				})
				return nil
			}()
			if got != failure || atWork.Load() != 0 {
				t.Fatalf("panicked with %v, want %v; %d at work", got, failure, atWork.Load())
			}
		}
	}
}

// TestTogetherForgets: helpers that rest keep nothing of what they have done.
func TestTogetherForgets(t *testing.T) {
	together(3, func(int) {})
	crews.Lock()
	defer crews.Unlock()
	for _, c := range crews.free {
		for _, h := range c.helpers {
			if h.do != nil {
				t.Error("a helper keeps its work")
			}
		}
	}
}

// TestSetCores: what is set is what there is, with a processor to spare, and can be set back.
func TestSetCores(t *testing.T) {
	first := Cores()
	defer SetCores(first)
	for _, n := range []int{1, 4, 3} {
		SetCores(n)
		if got := Cores(); got != n || inC && runtime.GOMAXPROCS(0) != n+1 {
			t.Errorf("%d cores: %d, and %d processors", n, got, runtime.GOMAXPROCS(0))
		}
	}
	if before := SetCores(first); before != 3 || Cores() != first {
		t.Errorf("%d cores before, %d after, want 3 and %d", before, Cores(), first)
	}
}
