package train

import "math"

// The schedules. They last as long as the cycles, from EtaMax down to EtaMin, but for
// step, which multiplies EtaMax, and rangeTest.
const (
	cyclical  = "cyclical"
	cosine    = "cosine"
	linear    = "linear"
	stepwise  = "step"
	constant  = "constant"
	rangeTest = "range"
)

// Eta returns the learning rate of update t, counted from 0: in the warm-up a share of the
// first rate of the schedule, then that of the schedule.
func (c Config) Eta(t int) float64 {
	if t < c.Warmup {
		return float64(t+1) / float64(c.Warmup) * c.scheduled(0)
	}
	return c.scheduled(t - c.Warmup)
}

// scheduled returns the learning rate t updates after the warm-up. With the range
// R = ηmax − ηmin and the share p of the updates that are done
//
//	cosine    η = ηmin + R·(1 + cos πp)/2   (Loshchilov and Hutter 2017)
//	linear    η = ηmax − R·p
//	step      η = ηmax·factor^⌊t/every⌋
//	constant  η = ηmax
//	range     η = ηmin·(ηmax/ηmin)^p, where the last update has p = 1   (Smith 2017)
func (c Config) scheduled(t int) float64 {
	steps := float64(c.Steps() - c.Warmup)
	share, up := float64(t)/steps, c.EtaMax-c.EtaMin
	switch c.Schedule {
	case cosine:
		return c.EtaMin + up*(1+math.Cos(math.Pi*share))/2
	case linear:
		return c.EtaMax - up*share
	case stepwise:
		return c.EtaMax * math.Pow(c.StepFactor, float64(t/c.StepEvery))
	case constant:
		return c.EtaMax
	case rangeTest:
		return c.EtaMin * math.Pow(c.EtaMax/c.EtaMin, float64(t)/max(1, steps-1))
	}
	return c.cycled(t)
}

// cycled returns the cyclical learning rate (Smith 2017): from EtaMin up to EtaMax in NS
// steps, down again in NS steps, and so on. With c = t mod 2·NS,
//
//	η = ηmin + (c/NS or 2 − c/NS)·(ηmax − ηmin).
//
// NS grows by CycleGrowth from cycle to cycle, and what is above ηmin by CycleDecay.
func (c Config) cycled(t int) float64 {
	cycle, in, ns := c.cycle(t)
	phase := float64(in) / float64(ns)
	if phase > 1 {
		phase = 2 - phase
	}
	if c.CycleDecay != 1 {
		phase *= math.Pow(c.CycleDecay, float64(cycle))
	}
	return c.EtaMin + phase*(c.EtaMax-c.EtaMin)
}

// cycle returns the cycle that update t after the warm-up is in, counted from 0, which
// update of it that is, and half its length.
func (c Config) cycle(t int) (cycle, in, ns int) {
	if c.CycleGrowth == 1 {
		return t / (2 * c.NS), t % (2 * c.NS), c.NS
	}
	for in = t; ; cycle++ {
		if ns = c.half(cycle); in < 2*ns || cycle+1 >= c.Cycles {
			return cycle, in, ns
		}
		in -= 2 * ns
	}
}

// half returns half the length of a cycle, in updates.
func (c Config) half(cycle int) int {
	return int(math.Round(float64(c.NS) * math.Pow(c.CycleGrowth, float64(cycle))))
}

// Steps returns the number of updates: those of the warm-up and of the cycles, 2·NS·Cycles
// if these do not grow.
func (c Config) Steps() int {
	if c.CycleGrowth == 1 {
		return c.Warmup + 2*c.NS*c.Cycles
	}
	steps := c.Warmup
	for i := range c.Cycles {
		steps += 2 * c.half(i)
	}
	return steps
}

// maxGrowing is the most cycles that grow, so that they can be counted one by one.
const maxGrowing = 1000

// checkSteps returns an error if there are too many updates, of which no sum may overflow.
func (c Config) checkSteps() error {
	if c.CycleGrowth != 1 && c.Cycles > maxGrowing {
		return badf("{cycles} %d with {cycle_growth} %g: give at most %d cycles that grow", c.Cycles, c.CycleGrowth, maxGrowing)
	}
	steps := float64(c.Warmup)
	for i := 0; i < c.Cycles && steps <= maxSteps; i++ {
		steps += 2 * float64(c.NS) * math.Pow(c.CycleGrowth, float64(i))
		if c.CycleGrowth == 1 {
			steps += 2 * float64(c.NS) * float64(c.Cycles-1)
			break
		}
	}
	if steps > maxSteps {
		return badf("{warmup} %d, {cycle_growth} %g: with {ns} %d and {cycles} %d more than %d steps; give less", c.Warmup, c.CycleGrowth, c.NS, c.Cycles, maxSteps)
	}
	return nil
}

func (s Scheduling) check() error {
	known := map[string]bool{cyclical: true, cosine: true, linear: true, stepwise: true, constant: true, rangeTest: true}
	switch {
	case !known[s.Schedule]:
		return badf("{schedule} %q: give cyclical, cosine, linear, step, constant or range", s.Schedule)
	case s.Warmup < 0 || s.Warmup > maxSteps:
		return badf("{warmup} %d: give a number of steps from 0 to %d", s.Warmup, maxSteps)
	case s.Warmup > 0 && s.Schedule == rangeTest:
		return badf("{warmup} %d: {schedule} range begins at the smallest rate by itself", s.Warmup)
	case !inRange(s.CycleGrowth, 1, 100):
		return badf("{cycle_growth} %g: give a factor from 1 to 100", s.CycleGrowth)
	case !inRange(s.CycleDecay, 0, 1):
		return badf("{cycle_decay} %g: give a factor from 0 to 1", s.CycleDecay)
	case s.Schedule != cyclical && (s.CycleGrowth != 1 || s.CycleDecay != 1):
		return badf("{schedule} %s has no cycles to grow or decay: leave {cycle_growth} and {cycle_decay} out", s.Schedule)
	case s.Schedule == stepwise && s.StepEvery < 1:
		return badf("{step_every} %d: with {schedule} step give the steps between two, at least 1", s.StepEvery)
	case s.Schedule != stepwise && s.StepEvery != 0:
		return badf("{step_every} %d: needs {schedule} step", s.StepEvery)
	case s.Schedule != stepwise && s.StepFactor != 0.1:
		return badf("{step_factor} %g: needs {schedule} step", s.StepFactor)
	case !inRange(s.StepFactor, 0, 1):
		return badf("{step_factor} %g: give a factor from 0 to 1", s.StepFactor)
	}
	return nil
}

func (c Config) checkSchedule() error {
	switch {
	case !inRange(c.EtaMin, 0, math.MaxFloat64):
		return badf("{eta_min} %g: give a finite learning rate of 0 or above", c.EtaMin)
	case !inRange(c.EtaMax, c.EtaMin, math.MaxFloat64):
		return badf("{eta_max} %g: give a finite learning rate of {eta_min} (%g) or above", c.EtaMax, c.EtaMin)
	case c.NS < 1 || c.NS > maxSteps/2:
		return badf("{ns} %d: give the steps of half a cycle, 1 to %d", c.NS, maxSteps/2)
	case c.Cycles < 1 || c.Cycles > maxSteps/c.NS/2:
		return badf("{cycles} %d: give 1 to %d with {ns} %d", c.Cycles, maxSteps/c.NS/2, c.NS)
	case c.Batch < 1:
		return badf("{batch} %d: give at least 1 image", c.Batch)
	case c.BN && c.Batch < 2:
		return badf("{batch} %d with {bn}: the variance of a batch needs at least 2 images", c.Batch)
	case c.Schedule == rangeTest && c.EtaMin == 0:
		return badf("{eta_min} 0: {schedule} range goes up in a log scale; give a rate above 0")
	}
	return c.checkSteps()
}
