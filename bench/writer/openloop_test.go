package writer

import (
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"busybench/bench/arrivals"
	"busybench/bench/clock"
	"busybench/bench/outcome"
)

// simulate runs the open loops of writers in simulated time. Each attempt takes a random time with
// an exponential distribution. It returns all outcomes, and calls counted when a writer has ended
// its attempts that count.
func simulate(
	writers int, service time.Duration, deadline int64, instants []int64, counted func(),
) (outcomes []outcome.Outcome) {
	random := rand.New(rand.NewPCG(1, 2))
	next := func() (int64, bool) {
		if len(instants) == 0 {
			return 0, false
		}
		first := instants[0]
		instants = instants[1:]
		return first, true
	}
	// A writer yields the instant to which it sleeps or works.
	participant := func(yield func(int64) bool) {
		now := int64(0)
		loop := openLoop{
			Schedule: sustainedUntil(deadline),
			Tail:     Tail{Counted: counted, Over: func() bool { return true }},
			next:     next,
			now:      func() int64 { return now },
			sleepUntil: func(instant int64, _ func() bool) {
				now = max(now, instant)
				yield(now)
			},
			attempt: func(start int64) outcome.Outcome {
				now = start + int64(random.ExpFloat64()*float64(service))
				yield(now)
				return outcome.Outcome{Start: start, End: now}
			},
		}
		loop.run(func(o outcome.Outcome) { outcomes = append(outcomes, o) })
	}
	inOrderOfTime(slices.Repeat([]iter.Seq[int64]{participant}, writers))
	return outcomes
}

// inOrderOfTime runs participants in turns. The next one is always that with the earliest instant.
func inOrderOfTime(participants []iter.Seq[int64]) {
	type turn struct {
		next func() (int64, bool)
		now  int64
	}
	var turns []turn
	for _, p := range participants {
		next, stop := iter.Pull(p)
		defer stop()
		turns = append(turns, turn{next: next})
	}
	for len(turns) > 0 {
		first := 0
		for i := range turns {
			if turns[i].now < turns[first].now {
				first = i
			}
		}
		now, ok := turns[first].next()
		if !ok {
			turns = slices.Delete(turns, first, first+1)
			continue
		}
		turns[first].now = now
	}
}

// erlangC returns the probability that an arrival has to wait in a queue M/M/n with a load of n
// times the utilization (A. K. Erlang, 1917).
func erlangC(n int, utilization float64) float64 {
	load := float64(n) * utilization
	sum, term := 0.0, 1.0 // term is load^k / k!
	for k := range n {
		sum += term
		term *= load / float64(k+1)
	}
	last := term / (1 - utilization)
	return last / (sum + last)
}

// Writers that take arrivals from one list are the servers of a queue M/M/n, whose waiting times
// are known: an arrival waits with a probability of Erlang's C, and then for an exponential time.
func TestAnOpenLoopIsAQueueWithSeveralServers(t *testing.T) {
	const service, arrivalCount = time.Millisecond, 500_000
	for _, c := range []struct {
		writers     int
		utilization float64
	}{{1, 0.5}, {4, 0.7}, {16, 0.8}} {
		rate := float64(c.writers) * c.utilization / service.Seconds()
		length := time.Duration(arrivalCount / rate * float64(time.Second))
		outcomes := simulate(c.writers, service, int64(length),
			arrivals.Poisson(3, rate, length), func() {})
		var waits []float64 // in units of the service time
		sum := 0.0
		for _, o := range outcomes {
			wait := float64(o.Start-o.Intended) / float64(service)
			waits = append(waits, wait)
			sum += wait
		}
		slices.Sort(waits)
		free := float64(c.writers) * (1 - c.utilization) // rate at which a queue gets shorter
		queued := erlangC(c.writers, c.utilization)
		mean, p99 := sum/float64(len(waits)), waits[len(waits)*99/100]
		if want := queued / free; math.Abs(mean/want-1) > 0.05 {
			t.Errorf("%+v: the mean wait is %.4f, want %.4f", c, mean, want)
		}
		if want := math.Log(100*queued) / free; math.Abs(p99/want-1) > 0.05 {
			t.Errorf("%+v: the 99th percentile is %.4f, want %.4f", c, p99, want)
		}
	}
}

// Arrivals after the deadline keep up the load. Each writer says once that it has no more before.
func TestAnOpenLoopGoesOnAfterTheDeadline(t *testing.T) {
	told := 0
	outcomes := simulate(3, 100, 1000, []int64{1, 2, 3, 4, 5, 6, 2000, 2001, 2002, 2003}, func() {
		told++
	})
	if told != 3 {
		t.Errorf("%d of 3 writers have ended their attempts that count", told)
	}
	counted := 0
	for _, o := range outcomes {
		if o.Intended < 1000 {
			counted++
		}
		if o.Start < o.Intended {
			t.Errorf("begins before its arrival: %+v", o)
		}
	}
	if counted != 6 {
		t.Errorf("%d arrivals before the deadline were served, want 6", counted)
	}
}

func TestAWriterServesArrivals(t *testing.T) {
	f, err := arrivals.NewFile()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Set([]int64{0, 1e6, 2e6, 1e9}); err != nil {
		t.Fatal(err)
	}
	task := newTask(t, "rate=1000")
	w := newWriter(t, task)
	defer closeWriter(t, w)
	w.TakeFrom(f)
	release := clock.Now()
	s := w.Run(outcome.Schedule{Mode: outcome.Sustained, Release: release, Deadline: release + 5e6},
		Tail{})
	if len(s.Outcomes) != 3 {
		t.Fatalf("%d attempts, want those before the deadline: %+v", len(s.Outcomes), s.Outcomes)
	}
	for i, o := range s.Outcomes {
		if o.Intended != release+int64(i)*1e6 || o.Start < o.Intended || !o.Acknowledged() {
			t.Errorf("attempt %d is %+v", i, o)
		}
	}
	requireAudit(t, task.Database, s)
}
