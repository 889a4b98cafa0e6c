package arrivals

import (
	"math"
	"slices"
	"sync"
	"testing"
	"time"
)

func TestPoissonArrivals(t *testing.T) {
	const rate, length = 1000.0, 100 * time.Second
	instants := Poisson(1, rate, length)
	if !slices.IsSorted(instants) || instants[len(instants)-1] >= int64(length) {
		t.Fatal("the instants are not in order within the time")
	}
	// The number has the standard deviation of its root; the seed is fixed.
	want := rate * length.Seconds()
	if n := float64(len(instants)); math.Abs(n-want) > 3*math.Sqrt(want) {
		t.Errorf("%v arrivals, want about %v", n, want)
	}
	// A part of exp(-1) of the times between them is longer than their mean.
	long := 0
	for i, instant := range instants[1:] {
		if float64(instant-instants[i]) > float64(time.Second)/rate {
			long++
		}
	}
	if share := float64(long) / float64(len(instants)-1); math.Abs(share-math.Exp(-1)) > 0.01 {
		t.Errorf("a part of %.3f is longer than the mean, want %.3f", share, math.Exp(-1))
	}
	if again := Poisson(1, rate, length); !slices.Equal(again, instants) {
		t.Error("the same seed gives other arrivals")
	}
	if other := Poisson(2, rate, length); slices.Equal(other, instants) {
		t.Error("another seed gives the same arrivals")
	}
}

// Many readers share the file. Each arrival is taken once, and each reader gets them in order.
func TestEachArrivalIsTakenOnce(t *testing.T) {
	f, err := NewFile()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, n := range []int{10_000, 100} { // a second round is shorter
		var want []int64
		for i := range n {
			want = append(want, int64(i)<<32+7)
		}
		if err := f.Set(want); err != nil {
			t.Fatal(err)
		}
		taken := make([][]int64, 8)
		var readers sync.WaitGroup
		for i := range taken {
			readers.Go(func() {
				for {
					instant, ok, err := f.Next()
					if err != nil {
						t.Error(err)
					}
					if !ok {
						return
					}
					taken[i] = append(taken[i], instant)
				}
			})
		}
		readers.Wait()
		for i, instants := range taken {
			if !slices.IsSorted(instants) {
				t.Errorf("reader %d gets arrivals out of order", i)
			}
		}
		all := slices.Concat(taken...)
		slices.Sort(all)
		if !slices.Equal(all, want) {
			t.Errorf("%d arrivals were taken, want each of %d once", len(all), n)
		}
	}
}
