package bench

import "testing"

func TestRoundTimeoutGrowsWithTheLoad(t *testing.T) {
	const base = "exec=process journal=wal writers=10"
	small := roundTimeout(scenarioFor(t, base+" busy=none"))
	for name, axes := range map[string]string{
		"busy timeout": base + " busy=5s",
		"block":        base + " busy=block",
		"writers":      "exec=process journal=wal writers=20 busy=none",
		"payload":      base + " busy=none payload=10000000",
		"batch":        base + " busy=none payload=1000000 batch=10",
	} {
		t.Run(name, func(t *testing.T) {
			if got := roundTimeout(scenarioFor(t, axes)); got <= small {
				t.Errorf("%s: %v, not more than %v", axes, got, small)
			}
		})
	}
}
